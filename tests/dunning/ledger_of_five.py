"""The example ledger of the reports: five invoices of four debtors, told day by day as it happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from services.dunning.events import EVENTS
from services.dunning.events import creditor as c
from services.dunning.events import daily as y
from services.dunning.events import debtor as d
from services.dunning.events import notice as n
from services.dunning.events import receivable as r
from services.dunning.projections.facts import FACTS
from services.dunning.queries.reports import report, viewpoint
from services.dunning.queries.reports.shape import Report, Table
from services.dunning.tables import read
from services.dunning.values import (
    Charge,
    ChargeKind,
    Claimed,
    Contact,
    Credit,
    Invoice,
    Letter,
    LetterLine,
    Movement,
    NoticeKind,
    Step,
    Timeline,
)
from shared.decider import Decider
from shared.eventstore.mapper import EventMapper
from shared.money import Money
from shared.postgres import Server
from shared.service import Service, Surroundings
from shared.stream.subscriptions import Subscriptions
from shared.testing.world import World
from shared.work import Rules

TENANT = UUID("7e0a0000-0000-4000-8000-000000000001")
SOMEBODY = UUID("7e0a0000-0000-4000-8000-0000000000aa")
BEGINNING = datetime(2025, 11, 1, 8, tzinfo=UTC)
AS_OF = date(2026, 3, 31)
REMINDER, WARNING = NoticeKind.REMINDER, NoticeKind.WARNING
# Whoever tells history has decided nothing: what has happened is what is recorded.
HISTORY: Decider[Sequence[Any], None, Any] = Decider(
    lambda told, _: told, lambda state, _: state, initial=None
)


def named(what: str) -> UUID:
    return uuid5(TENANT, what)


def dkk(amount: str) -> Money:
    return Money.of(amount, "DKK")


def minimal(surroundings: Surroundings) -> Service:
    """Dunning's log and its facts, and nothing else of it."""
    return Service(
        name="dunning",
        rules=Rules(EventMapper(EVENTS)),
        subscriptions=Subscriptions("dunning"),
        read=read,
        followed=FACTS,
    )


@dataclass
class Ledger:
    """A world whose history the test tells; `on` says that this happened on that day."""

    world: World
    tenant: UUID = TENANT
    movements: dict[str, list[Movement]] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)

    def on(self, day: str, subject: str | UUID, *events: Any, actor: str = "user:test") -> None:
        at = datetime.combine(date.fromisoformat(day), time(8), UTC)
        if at > self.world.clock.now():
            self.world.clock.move_to(at)
        self.tell(subject, *events, actor=actor)

    def tell(self, subject: str | UUID, *events: Any, actor: str = "user:test") -> None:
        place = named(subject) if isinstance(subject, str) else subject
        self.world.work(
            "dunning", self.tenant, lambda work: work.execute(HISTORY, place, list(events)), actor
        )

    def seal(self, debtor: str, name: str) -> Any:
        return self.world.vault.seal(self.tenant, named(debtor), name)

    def learn(self, day: str, debtor: str, name: str, **facts: Any) -> None:
        contact = Contact(
            number=facts.pop("number", debtor),
            name=self.seal(debtor, name),
            kind=facts.pop("kind", "company"),
            country=facts.pop("country", "DK"),
            language="da",
        )
        self.on(day, debtor, d.DebtorLearnt(contact))

    def invoice(
        self,
        number: str,
        debtor: str,
        issued: str,
        due: str,
        gross: Money,
        base: Money | None = None,
    ) -> None:
        """Booked on its own day."""
        made = Invoice(
            debtor_id=named(debtor),
            debtor_number=debtor,
            number=number,
            voucher=number,
            issued_on=date.fromisoformat(issued),
            sent_on=date.fromisoformat(issued),
            due_on=date.fromisoformat(due),
            due_basis="agreed",
            gross=gross,
            gross_in_base=base or gross,
        )
        self.invoices[number] = made
        self.on(issued, number, r.ReceivableOpened(made, gross))

    def paid(self, number: str, amount: str, value: str, *, told: str = "", **facts: Any) -> None:
        """A payment, matched with its invoice; `told` is when we learnt of it."""
        invoice = self.invoices[number]
        currency = invoice.gross.currency
        entry = facts.pop("entry", named(f"payment of {number} on {value}"))
        movement = Movement(
            entry_id=entry,
            kind=facts.pop("kind", "payment"),
            amount=Money.of(amount, currency),
            value_on=date.fromisoformat(value),
            matched_on=date.fromisoformat(told or value),
            **facts,
        )
        self.movements.setdefault(number, []).append(movement)
        self.moved(told or value, number)

    def moved(self, day: str, number: str) -> None:
        invoice, stand = self.invoices[number], self.movements.get(number, [])
        gone = sum((one.amount for one in stand), Money.zero(invoice.gross.currency))
        self.on(day, number, r.PrincipalMoved(invoice.gross - gone, tuple(stand)))

    def credit(
        self, day: str, debtor: str, name: str, kind: Any, amount: str, currency: str = "DKK"
    ) -> None:
        whole = Money.of(amount, currency)
        item = Credit(named(name), kind, name, date.fromisoformat(day), whole, whole)
        self.on(day, debtor, d.CreditSeen(item))

    def letter(
        self,
        day: str,
        number: str,
        principal: str,
        interest: str,
        *,
        kind: NoticeKind = REMINDER,
        level: int = 1,
        deadline: str = "",
    ) -> None:
        """A charged letter, with its fee and interest posted the same day."""
        sent = date.fromisoformat(day)
        notice = f"{number} level {level}"
        by = date.fromisoformat(deadline) if deadline else None
        counted = r.LetterCounted(
            named(notice), level - 1, kind, level, True, sent, by, dkk(principal), "mail"
        )
        charges = [
            r.ChargeAdded(
                Charge(named(f"{notice} {what}"), what, dkk(amount), "rule", "law", "1"),
                sent,
                named(notice),
                level,
                kind,
            )
            for what, amount in _charges(interest)
        ]
        self.on(day, number, counted, *charges)
        self.on(day, notice, _composed(self, number, kind, level, sent, principal), _sent(sent))
        self.post(day, number, [one.charge for one in charges])

    def post(
        self, day: str, number: str, charges: Sequence[Charge | Claimed], sign: int = 1
    ) -> None:
        """Positive makes a charge, negative gives one up."""
        amounts = tuple(
            Claimed(one.charge_id, one.amount if sign > 0 else -one.amount) for one in charges
        )
        on = date.fromisoformat(day)
        self.on(day, number, r.PostingSought(on, amounts))
        sought = self.version(number)
        self.on(day, number, r.PostingDone(sought, "V1", on))

    def version(self, subject: str) -> int:
        """The place of the last event in a history."""
        loaded = self.world.work(
            "dunning", self.tenant, lambda work: work.load(HISTORY, named(subject))
        )
        return int(loaded.version)

    def write_off(self, day: str, number: str, code: Any, amounts: dict[str, str]) -> None:
        on = date.fromisoformat(day)
        gone = tuple(Claimed(named(charge), dkk(amount)) for charge, amount in amounts.items())
        self.on(day, number, r.ChargesWrittenOff(gone, code, False, on))
        self.post(day, number, gone, sign=-1)

    def shown(self, table: Table, *keys: str) -> list[tuple[Any, ...]]:
        return shown(table, *keys)

    def look(self, code: str, as_of: date = AS_OF, **view: Any) -> Report:
        """The report from that day; the period begins with the year unless something else is said."""
        self.world.settle()
        view.setdefault("since", date(as_of.year, 1, 1))
        with self.world.runtimes["dunning"].app.transaction([self.tenant]) as transaction:
            sql, now = transaction.sql, self.world.clock.now()
            return report(sql, code, viewpoint(sql, self.tenant, now, as_of=as_of, **view))


def _charges(interest: str) -> list[tuple[ChargeKind, str]]:
    return [("fee", "100.00"), ("interest", interest)]


def _composed(
    ledger: Ledger, number: str, kind: NoticeKind, level: int, sent: date, principal: str
) -> n.NoticeComposed:
    invoice = ledger.invoices[number]
    line = LetterLine(
        named(number), number, level - 1, invoice.issued_on, invoice.due_on, invoice.gross,
        dkk(principal), dkk("0.00"),
    )  # fmt: skip
    letter = Letter(
        invoice.debtor_id, kind, True, level, "da", "DKK", sent, sent, None, "", (line,),
        dkk(principal), ("mail",), "none",
    )  # fmt: skip
    return n.NoticeComposed(letter)


def _sent(on: date) -> n.NoticeSent:
    return n.NoticeSent("mail", datetime.combine(on, time(9), UTC), 1)


def tell_the_example(ledger: Ledger) -> None:
    """Everything that the worked example says, in the order of its days; agreed credit is 30 days."""
    steps = (Step(REMINDER, 10, charged=True), Step(WARNING, 25))
    slow = (Step(REMINDER, 20, charged=True), Step(WARNING, 40))
    statements = (Step(NoticeKind.STATEMENT, 30),)
    ledger.on(
        "2025-11-02",
        "creditor",
        c.CreditorLearnt("DK", "Europe/Copenhagen", "da"),
        c.TimelineDefined(Timeline("Standard", steps, 10), 1),
        c.TimelineDefined(Timeline("Slow 20/20", slow, 20), 1),
        c.TimelineDefined(Timeline("Statements", statements, 10), 1),
        c.MainTimelineChosen("Standard"),
    )
    for debtor in ("Alfa", "Beta", "Cecil", "Delta"):
        kind = "consumer" if debtor == "Cecil" else "company"
        ledger.learn("2025-11-03", debtor, f"{debtor} ApS", kind=kind)
    ledger.invoice("C1", "Cecil", "2025-11-20", "2025-12-20", dkk("6000.00"))
    ledger.letter("2025-12-30", "C1", "6000.00", "16.44")
    ledger.invoice("A1", "Alfa", "2026-01-02", "2026-02-01", dkk("10000.00"))
    ledger.letter(
        "2026-01-14", "C1", "6000.00", "24.66", kind=WARNING, level=2, deadline="2026-01-24"
    )
    ledger.invoice("B1", "Beta", "2026-01-15", "2026-02-14", dkk("20000.00"))
    ledger.on(
        "2026-01-26",
        "C1",
        r.HandedOver(
            named("case of C1"), "debitura", date(2026, 1, 26), dkk("6000.00"), dkk("241.10"),
            dkk("19.72"),
        ),
    )  # fmt: skip
    ledger.invoice("D1", "Delta", "2026-02-10", "2026-03-12", dkk("4000.00"))
    ledger.letter("2026-02-11", "A1", "10000.00", "27.40")
    ledger.paid("A1", "10000.00", "2026-02-21")
    ledger.write_off(
        "2026-02-21", "A1", "principal_paid",
        {"A1 level 1 fee": "100.00", "A1 level 1 interest": "27.40"},
    )  # fmt: skip
    ledger.letter("2026-02-24", "B1", "20000.00", "54.79")
    ledger.write_off(
        "2026-02-25", "C1", "handed_over",
        {"C1 level 1 fee": "100.00", "C1 level 2 fee": "100.00",
         "C1 level 1 interest": "16.44", "C1 level 2 interest": "24.66"},
    )  # fmt: skip
    today = date(2026, 3, 1)
    ledger.on("2026-03-01", "Alfa", d.TimelineAssigned("Statements", "agreed", SOMEBODY, today))
    ledger.on("2026-03-01", "Beta", d.TimelineAssigned("Slow 20/20", "agreed", SOMEBODY, today))
    ledger.paid("B1", "5000.00", "2026-03-05")
    ledger.paid("D1", "4000.00", "2026-03-10")
    ledger.invoice("A2", "Alfa", "2026-03-10", "2026-04-09", dkk("8000.00"))
    ledger.letter(
        "2026-03-16", "B1", "15000.00", "94.53", kind=WARNING, level=2, deadline="2026-03-26"
    )
    ledger.credit("2026-03-20", "Beta", "CN-1", "credit_note", "1000.00")
    ledger.on(
        "2026-03-20",
        "B1",
        r.InvoicePaused("promised", date(2026, 3, 20), date(2026, 4, 15), SOMEBODY),
    )
    ledger.on(
        "2026-03-27", "B1", r.HeldFromCollection("unmatched_items", dkk("15000.00"), dkk("1000.00"))
    )
    ledger.on("2026-03-27", "B1", r.StepPlanned(None))
    ledger.credit("2026-03-28", "Alfa", "PAY-1", "payment", "500.00")
    ledger.on(
        "2026-03-31", "creditor", y.ControlTotalNoted(dkk("27849.32"), dkk("27849.32"), AS_OF)
    )
    ledger.on("2026-04-01", "creditor", c.DriftGone())


@contextmanager
def ledger_in(server: Server, start: datetime = BEGINNING) -> Iterator[Ledger]:
    with World(server, [minimal], start) as world:
        yield Ledger(world)


def shown(table: Table, *keys: str) -> list[tuple[Any, ...]]:
    """Some columns of a table's rows, with amounts as figures."""
    return [tuple(figure(record[key]) for key in keys) for record in table.records()]


def figure(value: Any) -> Any:
    """Amounts as they are printed: 14,349.32; days in their form."""
    match value:
        case Money():
            return f"{value.decimal:,}".removesuffix(".00")
        case Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            return value
