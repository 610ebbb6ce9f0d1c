"""A creditor with many open invoices, by COPY: what the deciders say, as the store keeps it.

Events are the deciders' own, encoded and chained by the store's own functions; only the way into the
table is another, and nothing is told to anybody of them. Names are sealed with nobody's key, since
nothing that is measured opens one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import psycopg

from services.dunning.acts.gathering import creditor_of
from services.dunning.commands.debtor import LearnDebtor
from services.dunning.commands.receivable import NoteInvoice, NoteMovements
from services.dunning.model.creditor import Creditor
from services.dunning.model.debtor import DEBTOR
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.terms import terms_on
from services.dunning.values import Contact, Invoice, Movement, Terms
from shared.clock import WallClock
from shared.decider import Decider
from shared.eventstore.chain import BEGINNING
from shared.eventstore.events import Meta, Recorded
from shared.eventstore.mapper import EventMapper, encode_meta
from shared.eventstore.recorder import EVENT, rows_of
from shared.money import Money
from shared.projecting.rebuild import rebuild
from shared.sealed import Sealed
from shared.testing.world import World

PER_DEBTOR: Final = 2
"""Invoices of each debtor: more than one, so that letters are about several."""
_SERVICE: Final = "dunning"
_TERM: Final = timedelta(days=14)
_AMOUNTS: Final = (125_000, 480_000, 990_000, 2_450_000)
_CORRELATION: Final = UUID(int=2)


@dataclass(frozen=True, slots=True)
class Booked:
    """An invoice and when it is paid; None where it is not."""

    number: int
    due_on: date
    paid_on: date | None = None

    @property
    def amount(self) -> Money:
        return Money(_AMOUNTS[self.number % len(_AMOUNTS)], "DKK")


@dataclass(slots=True)
class Log:
    """Some streams of one tenant as the deciders make them."""

    tenant_id: UUID
    mapper: EventMapper
    recorded: dict[UUID, list[Recorded[Any]]] = field(default_factory=dict)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    _chain: dict[UUID, bytes] = field(default_factory=dict)
    _states: dict[UUID, tuple[Any, int]] = field(default_factory=dict)

    def ask(self, decider: Decider[Any, Any, Any], of: UUID, command: Any, at: datetime) -> None:
        """What `Work.execute` would record, kept here."""
        state, version = self._states.get(of, (decider.initial, 0))
        meta = Meta(recorded_at=at, actor="service:sync", correlation_id=_CORRELATION)
        self._chain.setdefault(of, BEGINNING)
        for event in decider.decide(command, state):
            state, version = decider.evolve(state, event), version + 1
            recorded = Recorded(self.tenant_id, of, version, event, meta)
            stored = self.mapper.to_stored_event(recorded)
            self.rows += rows_of(self.tenant_id, [stored], [encode_meta(meta)], self._chain)
            self.recorded.setdefault(of, []).append(recorded)
        self._states[of] = state, version


@dataclass(frozen=True, slots=True)
class Customers:
    """Of one creditor: each debtor's invoices, from a plan of what is booked and paid when."""

    tenant_id: UUID
    creditor: Creditor
    mapper: EventMapper

    @classmethod
    def of(cls, world: World, tenant_id: UUID) -> Customers:
        creditor = world.work(_SERVICE, tenant_id, creditor_of)
        return cls(tenant_id, creditor, world.runtimes[_SERVICE].service.rules.mapper)

    def logs(self, plan: Iterator[Booked]) -> Iterator[tuple[UUID, Log]]:
        """Debtor by debtor, so that a million invoices need no memory."""
        while own := [one for _, one in zip(range(PER_DEBTOR), plan, strict=False)]:
            debtor_id = uuid5(self.tenant_id, f"debtor {own[0].number}")
            log = Log(self.tenant_id, self.mapper)
            self._learn(log, debtor_id, own)
            for booked in own:
                self._book(log, debtor_id, booked)
            yield debtor_id, log

    def _learn(self, log: Log, debtor_id: UUID, own: list[Booked]) -> None:
        number = str(own[0].number)
        contact = Contact(number, Sealed(debtor_id, ""), "company", "DK", "da")
        first = min(booked.due_on for booked in own) - _TERM
        log.ask(DEBTOR, debtor_id, LearnDebtor(contact), _morning(first))

    def _book(self, log: Log, debtor_id: UUID, booked: Booked) -> None:
        invoice_id, number = uuid5(self.tenant_id, f"{booked.number}"), str(booked.number)
        issued_on, gross = booked.due_on - _TERM, booked.amount
        invoice = Invoice(
            debtor_id=debtor_id,
            debtor_number=number,
            number=number,
            voucher=number,
            issued_on=issued_on,
            sent_on=issued_on,
            due_on=booked.due_on,
            due_basis="agreed",
            gross=gross,
            gross_in_base=gross,
        )
        command = NoteInvoice(invoice, gross, self._terms(issued_on))
        log.ask(RECEIVABLE, invoice_id, command, _morning(issued_on))
        if booked.paid_on is not None:
            day = booked.paid_on
            paid = Movement(uuid5(invoice_id, "paid"), "payment", gross, day, day)
            none = Money.zero(gross.currency)
            log.ask(RECEIVABLE, invoice_id, NoteMovements(none, (paid,), self._terms(day)),
                    _morning(day))  # fmt: skip

    def _terms(self, day: date) -> Terms:
        return replace(terms_on(day, self.creditor, DEBTOR.initial), debtor_kind="company")


def open_invoices(count: int, due_on: date) -> Iterator[Booked]:
    """All due on the same day and unpaid."""
    return (Booked(number, due_on) for number in range(1, count + 1))


def a_year(count: int, through_on: date) -> Iterator[Booked]:
    """Due evenly over the year before a day: each third is paid in time, each third a month late, the
    rest not at all.
    """
    for number in range(1, count + 1):
        due_on = through_on - timedelta(days=1 + number * 364 // count)
        paid_on = (due_on, due_on + timedelta(days=30), None)[number % 3]
        known = paid_on if paid_on is not None and paid_on <= through_on else None
        yield Booked(number, due_on, known)


def load(world: World, customers: Customers, plan: Iterator[Booked]) -> int:
    """Copy it into the store; how many events."""
    superuser, events = world.server.dsn(world.address.database(_SERVICE)), 0
    with (
        psycopg.connect(superuser) as connection,
        connection.cursor().copy(f"copy {EVENT} from stdin") as rows,
    ):
        for _, log in customers.logs(plan):
            for row in log.rows:
                rows.write_row(row)
            events += len(log.rows)
    return events


def make_read_tables(world: World, *, reports: bool = False) -> float:
    """Rebuild them from the log, those of the reports only if they are wanted; seconds."""
    service, clock = world.runtimes[_SERVICE].service, WallClock()
    before = clock.monotonic()
    rebuild(
        world.address.dsn(_SERVICE, "owner"), service if reports else replace(service, followed=())
    )
    spent = clock.monotonic() - before
    with psycopg.connect(world.server.dsn(world.address.database(_SERVICE))) as connection:
        connection.execute("analyze")
    return spent


def _morning(day: date) -> datetime:
    return datetime.fromisoformat(f"{day}T05:00:00+00:00")
