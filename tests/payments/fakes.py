"""A bank without a network, and the services around payments, each as small as the tests need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

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
from shared.money import Money


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


def opened_bytes(body: bytes) -> Any:
    return msgspec.json.decode(body)
