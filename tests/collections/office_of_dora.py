"""A creditor with customers who do not pay: dunning and the ledger are what the test says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec

from services.collections import queries
from services.collections.acts import by_hand
from services.collections.acts.by_hand import Person
from services.collections.acts.transferring import Transferrer
from services.collections.app import build_with
from services.collections.gateways.agencies import Agencies
from services.collections.gateways.opening import Opener
from services.collections.queries import CaseRow, ClaimRow
from shared.contracts import dunning
from shared.contracts.base import Contract
from shared.contracts.sync import (
    Allocation,
    CreditNoteBooked,
    InvoiceBooked,
    ItemsMatched,
    LedgerPaymentBooked,
    PartyChanged,
)
from shared.contracts.tenants import ClientAttached
from shared.money import Money
from shared.postgres import Server
from shared.testing.stand_in import say, stand_in
from shared.testing.world import World
from tests.collections.fakes import FakeAgency, agencies

# A Monday, 09:00 in Copenhagen.
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
GOES_AT = datetime(2026, 3, 4, 9, tzinfo=UTC)
"""When what becomes ready at START goes by itself: two banking days later, at ten in Copenhagen."""

T = TypeVar("T", bound=Contract)


def dkk(amount: str) -> Money:
    return Money.of(amount, "DKK")


@dataclass
class Office:
    world: World
    agency: FakeAgency
    agencies: Agencies
    tenant: UUID = field(default_factory=uuid4)
    dora: UUID = field(default_factory=uuid4)

    @property
    def opener(self) -> Opener:
        return Opener(self.world.vault)

    @property
    def transferrer(self) -> Transferrer:
        return Transferrer(self.agencies, self.opener)

    @property
    def person(self) -> Person:
        return Person(self.dora, frozenset({"administrator"}))

    def open(self, *, automatic: bool = True, agreed: bool = True, **ways: Any) -> None:
        self.say(
            ClientAttached(
                client_id=self.tenant,
                agency_id=uuid4(),
                name="Dora",
                country="DK",
                time_zone="Europe/Copenhagen",
                language="da",
            )
        )
        self.settle()
        stop_days = ways.pop("stop_days", 2)
        self.do(
            lambda work: by_hand.set_ways(
                work, self.person, automatic=automatic, stop_days=stop_days, **ways
            )
        )
        if agreed:
            self.agree()

    def agree(self) -> None:
        self.do(
            lambda work: by_hand.offer_agreement(
                work, self.agencies, self.opener, self.person,
                "debitura", "key-of-dora", "dora@example.test", "c2VjcmV0",
            )
        )  # fmt: skip
        self.settle()

    def say(self, *contracts: Contract) -> None:
        for contract in contracts:
            about = getattr(contract, "debtor_id", None) or getattr(contract, "party_id", None)
            say(self.world, self.tenant, contract, about=about)

    def settle(self) -> None:
        self.world.settle()

    def until(self, instant: datetime) -> None:
        self.world.clock.move_to(instant)
        self.settle()

    def do(self, command: Any) -> Any:
        return self.world.work("collections", self.tenant, command, f"user:{self.dora}")

    def debtor(self, name: str = "Ejnar Sørensen", *, address: bool = True) -> UUID:
        """A customer with master data, as the ledger tells of it."""
        party, vault = uuid4(), self.world.vault
        where = {"street": "Havnegade 2", "postal_code": "8000", "city": "Aarhus", "country": "DK"}
        self.say(
            PartyChanged(
                party_id=party,
                side="receivable",
                number="1001",
                name=vault.seal(self.tenant, party, name),
                blocked=False,
                kind="person",
                country="DK",
                email=vault.seal(self.tenant, party, "ejnar@example.test"),
                address=vault.seal(self.tenant, party, msgspec.json.encode(where).decode())
                if address
                else None,
            )
        )
        return party

    def ready(
        self, debtor: UUID, principal: str = "1000.00", number: str = "F-1", **changes: Any
    ) -> UUID:
        """Dunning says that an invoice may go."""
        told = self.ready_told(debtor, principal, number, **changes)
        self.say(told)
        return told.invoice_id

    def ready_told(
        self, debtor: UUID, principal: str = "1000.00", number: str = "F-1", **changes: Any
    ) -> dunning.ReadyForCollection:
        facts: dict[str, Any] = {
            "invoice_id": uuid4(),
            "debtor_id": debtor,
            "party_number": "1001",
            "number": number,
            "issued_on": date(2025, 12, 1),
            "due_on": date(2025, 12, 31),
            "warned_on": date(2026, 2, 10),
            "deadline_on": date(2026, 2, 24),
            "ready_on": date(2026, 3, 2),
            "gross": Money.of(principal, changes.pop("currency", "DKK")),
            "charges": dkk("200.00"),
            "interest": dkk("12.34"),
            "debtor_kind": "consumer",
            "country": "DK",
        }
        facts = {**facts, **changes}
        currency = facts["gross"].currency
        for name in ("charges", "interest"):
            facts[name] = Money(facts[name].minor, currency)
        return dunning.ReadyForCollection(principal=facts["gross"], **facts)

    def booked(self, debtor: UUID, invoice: UUID, remaining: str = "1000.00") -> InvoiceBooked:
        """The ledger's own telling of an invoice."""
        name = self.world.vault.seal(self.tenant, debtor, "Ejnar Sørensen")
        return InvoiceBooked(
            invoice_id=invoice, side="receivable", party_id=debtor, party_name=name,
            party_number="1001", number="F-9", voucher="9", issued_on=date(2025, 12, 1),
            due_on=date(2025, 12, 31), gross=dkk(remaining), remaining=dkk(remaining), account=None,
        )  # fmt: skip

    def payment(
        self, debtor: UUID, amount: str, *, remaining: str | None = None
    ) -> LedgerPaymentBooked:
        """Money on the customer's account; matched with nothing unless `remaining` says less."""
        return LedgerPaymentBooked(
            entry_id=uuid4(), side="receivable", party_id=debtor, voucher="77",
            booked_on=self.today, amount=dkk(amount),
            remaining=dkk(amount if remaining is None else remaining),
        )  # fmt: skip

    def credit_note(self, debtor: UUID, amount: str) -> CreditNoteBooked:
        return CreditNoteBooked(
            credit_note_id=uuid4(), side="receivable", party_id=debtor, number="K-1", voucher="78",
            issued_on=self.today, gross=dkk(amount), remaining=dkk(amount),
        )  # fmt: skip

    def matched(
        self, debtor: UUID, invoice: UUID, remaining: str, *allocations: Allocation
    ) -> ItemsMatched:
        return ItemsMatched(
            item_id=invoice, side="receivable", party_id=debtor, remaining=dkk(remaining),
            matched_on=self.today, allocations=allocations,
        )  # fmt: skip

    def set_off(self, amount: str, kind: Any = "payment", entry: UUID | None = None) -> Allocation:
        return Allocation(entry or uuid4(), kind, dkk(amount), self.today, self.today)

    @property
    def today(self) -> date:
        return self.world.clock.now().date()

    def held(self, debtor: UUID, invoice: UUID, code: str, **facts: Any) -> dunning.CollectionHeld:
        principal = facts.pop("principal", dkk("1000.00"))
        return dunning.CollectionHeld(
            invoice_id=invoice, debtor_id=debtor, code=code, principal=principal, **facts
        )

    def claim(self, invoice: UUID) -> ClaimRow:
        found = self.do(lambda work: queries.claim(work.sql, self.tenant, invoice))
        assert isinstance(found, ClaimRow)
        return found

    def cases(self) -> list[CaseRow]:
        found: list[CaseRow] = self.do(lambda work: queries.cases(work.sql, self.tenant))
        return found

    def sent(self, principal: str = "1000.00") -> tuple[UUID, UUID, CaseRow]:
        """A debtor with an invoice that has gone to the agency by itself, and been accepted."""
        debtor = self.debtor()
        invoice = self.ready(debtor, principal)
        self.settle()
        goes_at = self.claim(invoice).goes_at
        assert goes_at is not None
        self.until(goes_at)
        return debtor, invoice, self.case_of(invoice)

    def case_of(self, invoice: UUID) -> CaseRow:
        return next(one for one in self.cases() if invoice in one.invoices)

    def send(self, *invoices: UUID) -> Any:
        """Send selected now."""
        return self.do(lambda work: by_hand.send_now(work, self.transferrer, invoices))

    def told(self, contract: type[T]) -> list[T]:
        """What collections has published of one kind, in order."""
        runtime = self.world.runtimes["collections"]
        with runtime.app.transaction([self.tenant]) as transaction:
            rows = transaction.raw.execute(
                "select headers, body from outbox order by position"
            ).fetchall()
        return [
            contract.model_validate_json(bytes(body))
            for headers, body in rows
            if contract.type_name.encode() in bytes(headers)
        ]


@contextmanager
def office_on(
    server: Server, agency: FakeAgency | None = None, settings: Any = None, **opening: Any
) -> Iterator[Office]:
    fake = agency or FakeAgency()
    offered = agencies(fake)
    services = [build_with(offered), *map(stand_in, ("sync", "dunning", "tenants"))]
    with World(server, services, START, settings) as world:
        office = Office(world, fake, offered)
        office.open(**opening)
        yield office
