"""The example ledger of the reports, lived: booked in e-conomic, reminded, paid, handed over.

The same five invoices are told as events in `tests/dunning/ledger_of_five.py`. Here nobody tells dunning
anything but its settings and what a person does on a page: all else comes from the simulated ledger, or
follows by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from forfald.demo import outside_world as outside
from forfald.house import FOLLOWING
from forfald.levers import Levers
from services.collections.acts import by_hand as collecting
from services.collections.acts.transferring import Transferrer
from services.collections.app import agencies_of
from services.collections.gateways.opening import Opener
from services.dunning.acts import by_hand, listing
from services.dunning.commands import ChooseMainTimeline, DefineTimeline, SetChargePolicy
from services.dunning.model.creditor import CREDITOR
from services.dunning.model.law import packs
from services.dunning.model.law.rows import Row
from services.dunning.model.naming import creditor_id_of
from services.dunning.queries import standing
from services.dunning.queries.reports import report, viewpoint
from services.dunning.queries.reports.shape import Report, Table
from services.dunning.values import ChargePolicy, NoticeKind, Step, Timeline
from services.sync.acts import consenting
from services.sync.acts.consenting import Accounts, Consent, CustomersLedger, PaidTo
from services.tenants.acts import demo as cast
from shared.postgres import Server
from shared.references.instruction import InstructionKind
from shared.work import Work
from tests.dunning.ledger_of_five import AS_OF, figure
from tests.journeys.house import House, running

COMPANY: Final = outside.FJORDVIG
TENANT: Final = cast.FJORDVIG.client_id
COPENHAGEN: Final = ZoneInfo("Europe/Copenhagen")
BEGINNING: Final = datetime(2025, 11, 20, 5, tzinfo=UTC)
BEFORE_ANY_LIST, AFTER_IT = time(7, 30), time(10)
REMINDER, WARNING, STATEMENT = NoticeKind.REMINDER, NoticeKind.WARNING, NoticeKind.STATEMENT
DEBTORS: Final = {1: "Alfa", 2: "Beta", 3: "Cecil", 4: "Delta"}
"""Customers' numbers in the ledger, which takes numbers only; so are those of invoices."""
REGISTERED: Final = ("30000005", "30000013", "30000021", "30000048")
"""They are companies, with whom ten percent can be agreed: from a consumer it could not be asked."""
INVOICES: Final = {201: "A1", 202: "A2", 203: "B1", 204: "C1", 205: "D1"}
TIMELINES: Final = (
    Timeline("Standard", (Step(REMINDER, 10, charged=True), Step(WARNING, 25, charged=True)), 10),
    # Twenty days to the reminder and twenty more to the warning, whenever the reminder went.
    Timeline("Slow 20/20", (Step(REMINDER, 20, charged=True), Step(WARNING, 25, charged=True)), 20),
    Timeline("Statements", (Step(STATEMENT, 30),), 10),
)
POLICY: Final = ChargePolicy(
    interest="own", rate="10", fee_clause=True, day_count="act/365", accept_unverified=True
)


@contextmanager
def the_examples_law() -> Iterator[None]:
    """The law of Denmark, but that a warning leaves nine days.

    The figures of the example are parameters and not law: it has C1 warned on 14 January and handed
    over on the 26th. Ten days from the 14th are a Saturday, so by law the debtor may pay through
    Monday the 26th, and the case may leave the day after.
    """
    read = packs.rows_of

    def rows_of(text: str) -> Iterator[Row]:
        for row in read(text):
            shorter = row.rule_id == "dk.deadline.warning"
            yield replace(row, value="9") if shorter else row

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(packs, "rows_of", rows_of)
        packs.law_book.cache_clear()
        yield
    packs.law_book.cache_clear()


@dataclass
class Office:
    """The creditor's people, its ledger, and the reports that they read."""

    house: House
    levers: Levers

    # ----- time -----------------------------------------------------------------------------------

    def at(self, day: str, hour: time = BEFORE_ANY_LIST) -> None:
        self.house.clock.move_to(datetime.combine(date.fromisoformat(day), hour, COPENHAGEN))

    def live(self, day: str) -> None:
        """Everybody does what had come to do by the morning of a day."""
        self.at(day, AFTER_IT)
        self.house.settle()

    # ----- in the ledger ----------------------------------------------------------------------------

    def book(self, action: str, **said: Any) -> None:
        self.levers.pull(f"/control/{COMPANY.agreement}/{action}", said)

    def sell(self, number: int, customer: int, amount: str, on: str, due: str) -> None:
        self.at(on)
        self.book("customer-invoices", customer=customer, number=number, amount=amount,
                  bookedOn=on, dueOn=due)  # fmt: skip

    def receive(self, on: str, amount: str, **said: Any) -> None:
        self.at(on)
        self.book("customer-payments", amount=amount, bookedOn=on, **said)

    # ----- by hand ----------------------------------------------------------------------------------

    def does(self, service: str, command: Callable[[Work], object]) -> Any:
        return self.house.runtimes[service].work(TENANT, f"user:{cast.METTE.user_id}", command)

    def sets(self, *commands: Any) -> None:
        """By the rules' own door: the law's answer to what the example takes for granted is not asked."""

        def set_all(work: Work) -> None:
            for command in commands:
                work.execute(CREDITOR, creditor_id_of(TENANT), command)

        self.does("dunning", set_all)

    def send_the_list(self, day: str) -> None:
        self.live(day)

        def send(work: Work) -> int:
            debtors = standing.listed_debtors(work.sql, TENANT, after=listing.FIRST, most=9)
            return by_hand.send(work, cast.METTE.user_id, None, debtors)

        assert self.does("dunning", send) == 1, f"one letter was to go on {day}"
        self.house.settle()

    def row(self, number: int) -> standing.Row:
        with self.house.runtimes["dunning"].app.transaction([TENANT]) as transaction:
            rows = standing.all_of(transaction.sql, TENANT)
            return next(row for row in rows if row.number == str(number))

    def hand_over(self, number: int) -> None:
        surroundings = self.house.runtimes["collections"].surroundings
        transferrer = Transferrer(agencies_of(surroundings), Opener(surroundings.opened()))
        invoice_id = self.row(number).invoice_id
        transfer = self.does(
            "collections", lambda work: collecting.send_now(work, transferrer, [invoice_id])
        )
        assert (len(transfer.cases), transfer.held) == (1, ()), transfer
        self.house.settle()

    def read(self, simulator: str, path: str) -> Any:
        return Levers(self.house.urls[simulator]).read(path)

    # ----- reports ----------------------------------------------------------------------------------

    def look(self, code: str, as_of: date = AS_OF, **view: Any) -> Report:
        view.setdefault("since", date(as_of.year, 1, 1))
        with self.house.runtimes["dunning"].app.transaction([TENANT]) as transaction:
            sql, now = transaction.sql, self.house.clock.now()
            return report(sql, code, viewpoint(sql, TENANT, now, as_of=as_of, **view))

    def shown(self, table: Table, *keys: str) -> list[tuple[Any, ...]]:
        """Some columns of a table's rows, with debtors and invoices under the example's names."""
        return [
            tuple(self._named(key, figure(record[key])) for key in keys)
            for record in table.records()
        ]

    def _named(self, key: str, value: Any) -> Any:
        names = {"debtor": DEBTORS, "invoice": INVOICES}.get(key)
        return names[int(value)] if names and value is not None else value


def open_house(house: House) -> Office:
    office = Office(house, Levers(house.urls["economic_url"]))
    office.levers.pull("/control/agreements", {
        "number": COMPANY.agreement, "grant": COMPANY.grant, "companyName": COMPANY.name,
        "vatNumber": COMPANY.vat_number, "baseCurrency": "DKK",
        "firstDays": ["2025-01-01", "2026-01-01"],
    })  # fmt: skip
    for (number, name), registered in zip(DEBTORS.items(), REGISTERED, strict=True):
        office.book("customers", number=number, name=f"{name} ApS", address="Havnegade 12",
                    zip="9000", city="Aalborg", country="Danmark",
                    email=f"bogholderi@{name.lower()}.example",
                    corporateIdentificationNumber=registered)  # fmt: skip
    house.outside.open_agency()
    cast.seed(house.runtimes["tenants"])
    house.settle()
    return office


def set_ways(office: Office) -> None:
    by = cast.METTE.user_id
    office.sets(
        SetChargePolicy(POLICY, by),
        *(DefineTimeline(timeline, by) for timeline in TIMELINES),
        ChooseMainTimeline("Standard", by),
    )
    surroundings = office.house.runtimes["collections"].surroundings
    person = collecting.Person(by, frozenset({"administrator"}))
    key = outside.AGENCY_KEYS[COMPANY.agreement]
    opener = Opener(surroundings.opened())
    office.does("collections", lambda work: collecting.offer_agreement(
        work, agencies_of(surroundings), opener, person, "debitura", key, cast.METTE.email))  # fmt: skip


def connect(office: Office) -> None:
    """Everything since the beginning of November is ours to follow."""
    customers = CustomersLedger(
        accounts=[5600],
        pay_to=[PaidTo(kind=InstructionKind.FIK71, currency="DKK", account="80882939")],
        followed_from=date(2025, 11, 1),
    )
    income = {"fee_income": 1311, "interest_income": 4305, "compensation_income": 1315}
    consent = Consent(
        agreement=str(COMPANY.agreement), grant=COMPANY.grant, journal=4, payables_accounts=[6800],
        accounts=Accounts(bank=5820, bank_fees=4310, in_transit=5825, **income),
        expense_account=1310, vat_code="I25", institute="Nordbetaling A/S", licence="FT 34012",
        receivables=customers,
    )  # fmt: skip
    vault = office.house.runtimes["sync"].surroundings.opened()
    office.does("sync", lambda work: consenting.give(work, vault, consent, cast.METTE.user_id))
    office.house.settle()


def live_the_example(office: Office) -> None:
    """Everything that the worked example says, each on its day; days without work are not stopped at."""
    me = cast.METTE.user_id
    set_ways(office)
    office.sell(204, 3, "6000.00", "2025-11-20", due="2025-12-20")
    connect(office)
    office.send_the_list("2025-12-30")
    office.sell(201, 1, "10000.00", "2026-01-02", due="2026-02-01")
    office.send_the_list("2026-01-14")
    office.sell(203, 2, "20000.00", "2026-01-15", due="2026-02-14")
    # It is found ready on the day on which it goes, so the interest told is that of all 37 days: an
    # invoice's interest is reckoned when it becomes ready, and not again while it waits for a person.
    office.live("2026-01-26")
    office.hand_over(204)
    office.sell(205, 4, "4000.00", "2026-02-10", due="2026-03-12")
    office.send_the_list("2026-02-11")
    office.receive("2026-02-21", "10000.00", invoice=201)
    office.live("2026-02-21")
    office.send_the_list("2026-02-24")
    office.live("2026-02-25")
    alfa, beta = office.row(201).debtor_id, office.row(203).debtor_id
    office.live("2026-03-01")
    office.does("dunning", lambda work: by_hand.assign_timeline(work, me, alfa, "Statements"))
    office.does("dunning", lambda work: by_hand.assign_timeline(work, me, beta, "Slow 20/20"))
    office.receive("2026-03-05", "5000.00", invoice=203)
    office.live("2026-03-05")
    office.receive("2026-03-10", "4000.00", invoice=205)
    office.sell(202, 1, "8000.00", "2026-03-10", due="2026-04-09")
    office.live("2026-03-10")
    office.send_the_list("2026-03-16")
    office.at("2026-03-20")
    office.book("customer-credit-notes", customer=2, amount="1000.00", bookedOn="2026-03-20")
    office.live("2026-03-20")
    until = date(2026, 4, 15)
    b1 = office.row(203)
    office.does("dunning", lambda work: by_hand.pause(work, me, b1, "promised", until))
    office.receive("2026-03-28", "500.00", customer=1, match=False)
    office.live("2026-03-31")
    office.live("2026-04-01")
    # Packs wait until the facts show all that had been recorded, and are tried again.
    office.at("2026-04-01", time(11))
    office.house.settle()


@contextmanager
def office_in(server: Server) -> Iterator[Office]:
    with (
        the_examples_law(),
        running(server, BEGINNING, services=FOLLOWING) as house,
    ):
        office = open_house(house)
        yield office
        office.levers.close()
