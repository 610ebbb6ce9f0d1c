"""A bank without a network, and the services around payments, each as small as the tests need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.payments.gateways import berlin_group_json
from services.payments.gateways.bank import (
    BankBatch,
    BankStatus,
    CancelAnswer,
    Capabilities,
    EntryKind,
    EntryStatus,
    Receipt,
    StatementEntry,
)
from shared.after import After
from shared.contracts.base import Contract
from shared.eventstore.events import Event, Recorded
from shared.eventstore.mapper import EventMapper
from shared.money import Money
from shared.projecting.read_schema import metadata
from shared.service import Service, Surroundings
from shared.stream.outbox import Telling
from shared.stream.subscriptions import Subscriptions
from shared.work import Rules, Work


@dataclass
class FakeBank:
    """Takes what it is given and books it when told to; fails as the test says."""

    capabilities: Capabilities = field(default_factory=lambda: Capabilities(find_by_key=False))
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    taken: dict[str, BankBatch] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)
    takes_all_the_same: bool = False
    statuses: dict[str, tuple[BankStatus, str | None]] = field(default_factory=dict)
    lines: list[StatementEntry] = field(default_factory=list)
    cancel_answer: CancelAnswer = field(default_factory=lambda: CancelAnswer(requested=True))
    asked_to_cancel: list[str] = field(default_factory=list)

    def render(self, batch: BankBatch) -> bytes:
        return berlin_group_json.render(batch)

    def parse(self, body: bytes) -> BankBatch:
        return berlin_group_json.parse(body)

    def send(self, message_id: str, body: bytes) -> Receipt:
        self.sent.append((message_id, body))
        batch = self.parse(body)
        failure = self.failures.pop(0) if self.failures else None
        if failure is None or self.takes_all_the_same:
            self.taken[f"bank-{message_id}"] = batch
        if failure is not None:
            raise failure
        return Receipt(f"bank-{message_id}", BankStatus.RCVD, ())

    def status(self, payment_id: str) -> tuple[EntryStatus, ...]:
        return tuple(
            EntryStatus(order.end_to_end_id, *self.statuses[order.end_to_end_id])
            for order in self.taken[payment_id].orders
            if order.end_to_end_id in self.statuses
        )

    def transactions(self, account: str, from_on: date, to_on: date) -> Iterator[StatementEntry]:
        return iter([line for line in self.lines if from_on <= line.booked_on <= to_on])

    def cancel(self, payment_id: str) -> CancelAnswer:
        self.asked_to_cancel.append(payment_id)
        return self.cancel_answer

    @property
    def orders(self) -> list[Any]:
        return [order for batch in self.taken.values() for order in batch.orders]

    def execute(self, on: date, fee: Money | None = None) -> None:
        """Book every order that was taken and is not booked yet, each as a line of its own."""
        booked = {line.end_to_end_id for line in self.lines}
        for order in self.orders:
            if order.end_to_end_id in booked:
                continue
            reference = f"L{len(self.lines) + 1}"
            self.lines.append(
                StatementEntry(
                    reference, EntryKind.PAYMENT, -order.amount, on, on, order.end_to_end_id
                )
            )
            if fee is not None:
                self.lines.append(
                    StatementEntry(
                        f"{reference}F", EntryKind.FEE, -fee, on, on, order.end_to_end_id
                    )
                )


class Said(Event, frozen=True, tag="stand_in.Said.v1"):
    """A contract's type and body, to be published as it is."""

    type_name: str
    body: bytes


def stand_in(name: str) -> Callable[[Surroundings], Service]:
    """A service that publishes what it is told to, and hears what payments tells."""

    def build(_: Surroundings) -> Service:
        publications: After[Telling] = After()

        @publications.after(Said)
        def after_said(recorded: Recorded[Said], _: object) -> Iterator[Telling]:
            from shared.contracts.base import CONTRACTS

            contract = CONTRACTS[recorded.event.type_name].model_validate_json(recorded.event.body)
            yield contract

        return Service(
            name=name,
            rules=Rules(EventMapper(Said), publications),
            subscriptions=Subscriptions(name),
            read=metadata(),
        )

    return build


def say(contract: Contract) -> Callable[[Work], Any]:
    """Have the contract's publisher say it."""
    from shared.decider import Decider

    said = Said(type_name=contract.type_name, body=contract.encoded())
    speak: Decider[Said, None, Said] = Decider(lambda said, _: [said], lambda _s, _e: None, None)
    key = getattr(contract, "party_id", None) or UUID(int=1)
    return lambda work: work.execute(speak, key, said)


def opened_bytes(body: bytes) -> Any:
    return msgspec.json.decode(body)
