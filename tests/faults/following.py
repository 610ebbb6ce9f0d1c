"""One customer's invoice: listed, warned of by mail, its charges bookkept, handed to the agency.

Everything goes by itself. People have a part only where nobody else can know: an agency that never
got a case is asked by a person, who then lets the case go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from forfald.demo.creditors import CREDITORS, consent_of
from forfald.demo.customers import CUSTOMERS, Sale
from forfald.demo.outside_world import AGENCY_KEYS
from forfald.house import FOLLOWING
from forfald.levers import Levers
from services.collections import queries as collections
from services.collections.acts import by_hand as collecting
from services.collections.acts.by_hand import Person
from services.collections.app import agencies_of
from services.collections.gateways.opening import Opener
from services.collections.model.naming import reference_of
from services.collections.values import BY_HAND, CaseState
from services.dunning.acts import by_hand as chasing
from services.dunning.acts import settings as following
from services.dunning.queries import standing
from services.dunning.values import ChargePolicy, NoticeKind, Step, Timeline
from services.sync.acts import consenting
from services.tenants.acts import demo as cast
from shared.work import Work
from tests.faults.journey import Journey
from tests.faults.play import Play
from tests.journeys.house import MONDAY, House

CREDITOR: Final = CREDITORS[0]
TENANT: Final = CREDITOR.tenant_id
SALE: Final = Sale(501, 30101, "48200.00", due=-40)
CUSTOMER: Final = next(
    one for one in CUSTOMERS[CREDITOR.company.agreement] if one.number == SALE.customer
)
WARNING: Final = Timeline(
    "main", (Step(NoticeKind.WARNING, 20, charged=True),), gap_days=11, mode="automatic"
)
_ALERT_AFTER: Final = timedelta(hours=2)
_ADMINISTRATOR: Final = Person(cast.SOREN.user_id, frozenset({"administrator"}))
_STOP_DAYS: Final = 1


class Following(Journey):
    """Nobody has a part but where only the agency can say that it never got a case."""

    patience = timedelta(days=60)
    stride = timedelta(days=3)

    def play(self) -> None:
        self.until(self.is_over)

    def until(self, done: Callable[[], bool]) -> None:
        self.let_time_pass(done, self._ask_the_agency, self._how_it_stands)

    def is_over(self) -> bool:
        """The agency has the one case, and what was charged is in the books."""
        said = self._how_it_stands()
        sought = said["dunning.PostingSought.v1"]
        return (
            bool(said[f"case {CaseState.ACTIVE}"]) and sought == said["dunning.PostingDone.v1"] > 0
        )

    def _how_it_stands(self) -> Counter[str]:
        """How often what has happened to the invoice, and how many cases are in which state."""
        with self.runtimes["dunning"].reader.connection() as transaction:
            rows = transaction.raw.execute("select name, count(*) from event group by name")
            happened: Counter[str] = Counter(dict(rows.fetchall()))
        happened.update(f"case {case.state}" for case in self._cases())
        return happened

    def _cases(self) -> list[collections.CaseRow]:
        with self.runtimes["collections"].app.transaction([TENANT]) as transaction:
            return collections.cases(transaction.sql, TENANT)

    def _ask_the_agency(self) -> None:
        """What is unknown for so long that people were told: one of them asks, and lets it go again."""
        for case in self._cases():
            alerted = case.since_at + _ALERT_AFTER < self.clock.now()
            unknown = case.state is CaseState.OUTCOME_UNKNOWN and alerted
            if unknown and reference_of(case.case_id) not in self._references():
                self._never_arrived(case.case_id)
        self._let_go()

    def _references(self) -> set[str]:
        office = Levers(self.settings["agency_url"]).read("/control/office")
        return {one["asked"].get("creditorReference") for one in office["cases"]}

    def _never_arrived(self, case_id: UUID) -> None:
        opener = Opener(self.runtimes["collections"].surroundings.opened())
        self._do("collections", lambda work: collecting.report_never_arrived(
            work, opener, _ADMINISTRATOR, case_id, "Debitura has no such case"))  # fmt: skip

    def _let_go(self) -> None:
        """On the invoice's page they say that it is followed up again, on the claim's that it may go."""
        with self.runtimes["dunning"].app.transaction([TENANT]) as transaction:
            rows = standing.all_of(transaction.sql, TENANT)
        for row in rows:
            if row.taken_back is not None:
                self._do("dunning", partial(
                    chasing.resume, person=_ADMINISTRATOR.user_id, one=row))  # fmt: skip
        with self.runtimes["collections"].app.transaction([TENANT]) as transaction:
            claims = collections.claims(transaction.sql, TENANT)
        for claim in claims:
            if any(hold in BY_HAND for hold in claim.holds):
                self._do("collections", partial(
                    collecting.end_stop, person=_ADMINISTRATOR, invoice_id=claim.invoice_id
                ))  # fmt: skip

    def _do(self, service: str, command: Callable[[Work], Any]) -> None:
        self.runtimes[service].work(TENANT, f"user:{_ADMINISTRATOR.user_id}", command)
        self.settle()


def _set_up(house: House) -> None:
    """A creditor whose ledger is connected, with an agency; then an invoice that is long overdue."""
    day = MONDAY.date()
    agreement = CREDITOR.company.agreement
    house.outside.open_ledgers(day)
    cast.seed(house.runtimes["tenants"])
    house.settle()
    house.outside.open_agency()
    _as_administrator(house, "dunning", _ways)
    surroundings = house.runtimes["collections"].surroundings
    agencies, opener = agencies_of(surroundings), Opener(surroundings.opened())

    def offer(work: Work) -> None:
        collecting.offer_agreement(
            work, agencies, opener, _ADMINISTRATOR, "debitura", AGENCY_KEYS[agreement],
            cast.SOREN.email,
        )  # fmt: skip
        collecting.set_ways(work, _ADMINISTRATOR, automatic=True, stop_days=_STOP_DAYS)

    _as_administrator(house, "collections", offer)
    consent = consent_of(CREDITOR.company, CREDITOR, day)
    vault = house.runtimes["sync"].surroundings.opened()
    _as_administrator(house, "sync", lambda work: consenting.give(
        work, vault, consent, cast.SOREN.user_id))  # fmt: skip
    house.settle()
    house.outside.keep_cards(agreement, [CUSTOMER.card])
    house.outside.sell({agreement: [SALE]}, day)


def _ways(work: Work) -> None:
    by = cast.SOREN.user_id
    following.set_charges(work, ChargePolicy(fee_clause=True, accept_unverified=True), by)
    following.define_timeline(work, WARNING, by)


def _as_administrator(house: House, service: str, command: Callable[[Work], object]) -> None:
    house.runtimes[service].work(TENANT, f"user:{cast.SOREN.user_id}", command)


PLAY: Final = Play("following", Following, FOLLOWING, MONDAY, _set_up)
