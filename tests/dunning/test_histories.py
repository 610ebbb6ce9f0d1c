"""What must hold over any history of an invoice: random days, payments, pauses, disputes and credits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from services.dunning.commands.receivable import (
    CountLetter,
    DisputeInvoice,
    DropLetter,
    IssueLetter,
    ListStep,
    NoteInvoice,
    NoteMovements,
    PauseInvoice,
    ReceivableCommand,
    ResumeInvoice,
    SettleDispute,
    WriteOffCharges,
)
from services.dunning.events import receivable as e
from services.dunning.model import pricing
from services.dunning.model.defaults import TIMELINES
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.naming import notice_id_of
from services.dunning.model.pricing import Arrears, Item
from services.dunning.model.receivable import Receivable, State, evolve
from services.dunning.values import (
    ChargePolicy,
    Invoice,
    Movement,
    ReminderRules,
    Terms,
    WriteOffRules,
)
from shared.decider import Rejected
from shared.money import Money

INVOICE, DEBTOR, ANNA = UUID(int=1), UUID(int=2), UUID(int=3)
DUE: Final = date(2025, 3, 3)
GROSS: Final = 10_000_00


def dkk(minor: int) -> Money:
    return Money(minor, "DKK")


TERMS: Final = Terms(
    today_on=DUE,
    country="DK",
    home_currency="DKK",
    debtor_kind="company",
    timeline=TIMELINES["DK"],
    rules=ReminderRules(),
    policy=ChargePolicy(accept_unverified=True),
    write_offs=WriteOffRules(),
)


@dataclass
class Life:
    """An invoice on its way through the days, and everything that has happened to it."""

    terms: Terms = TERMS
    events: list[e.ReceivableEvent] = field(default_factory=list)
    state: Receivable = field(default_factory=Receivable)
    movements: list[Movement] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        invoice = Invoice(
            debtor_id=DEBTOR,
            debtor_number="1",
            number="1001",
            voucher="2025-1",
            issued_on=DUE - timedelta(days=14),
            sent_on=DUE - timedelta(days=14),
            due_on=DUE,
            due_basis="agreed",
            gross=dkk(GROSS),
            gross_in_base=dkk(GROSS),
        )
        self.do(NoteInvoice(invoice, dkk(GROSS), self.terms))

    def do(self, command: ReceivableCommand) -> Sequence[e.ReceivableEvent]:
        try:
            events = RECEIVABLE.decide(command, self.state)
        except Rejected:
            return []
        self.events += events
        self.state = RECEIVABLE.fold(events, self.state)
        return events

    # ----- what can happen on a day

    def pays(self, minor: int, days_ago: int) -> None:
        left = self.state.principal.minor
        if left <= 0:
            return
        on, today = self.terms.today_on - timedelta(days=days_ago), self.terms.today_on
        entry = uuid5(INVOICE, str(len(self.movements)))
        amount = dkk(min(minor, left))
        self.moves([*self.movements, Movement(entry, "payment", amount, on, today)])

    def takes_back(self) -> None:
        """The bank returns the last payment: the match is undone."""
        if self.movements:
            self.moves(self.movements[:-1])

    def moves(self, movements: list[Movement]) -> None:
        self.movements = movements
        remaining = dkk(GROSS - sum(one.amount.minor for one in movements))
        after = evolve(self.state, e.PrincipalMoved(remaining, tuple(movements)))
        unlawful = pricing.unlawful(after, self.terms, self.state)
        self.do(NoteMovements(remaining, tuple(movements), self.terms, unlawful))

    def pauses(self, days: int | None) -> None:
        until = None if days is None else self.terms.today_on + timedelta(days=days)
        self.do(PauseInvoice("asked", until, ANNA, self.terms))

    def passes(self, days: int) -> None:
        for _ in range(days):
            self.terms = replace(self.terms, today_on=self.terms.today_on + timedelta(days=1))
            self.morning()

    def morning(self) -> None:
        self.do(ResumeInvoice(None, self.terms))
        self.do(WriteOffCharges("aged", claim_waived=False, terms=self.terms))
        plan = self.state.plan
        if plan is None or plan.planned_on > self.terms.today_on:
            return
        self.do(ListStep(self.terms, max(dkk(0), self.state.principal)))
        if self.state.listed_on is not None:
            self.send()

    def send(self) -> None:
        plan = self.state.plan
        assert plan is not None
        self.asked += 1
        notice_id = notice_id_of(DEBTOR, self.terms.today_on, plan.kind, [INVOICE], self.asked)
        priced = pricing.letter([Item(INVOICE, self.state)], notice_id, Arrears(), self.terms)
        assert priced.against is None, "every rate of 2025 is known"
        self.do(IssueLetter(notice_id, plan.step, plan.kind, plan.step + 1, self.terms))
        if self.asked % 5 == 0:
            self.do(DropLetter(notice_id, "no_channel", self.terms))
            return
        self.do(
            CountLetter(
                notice_id=notice_id,
                charged=plan.charged,
                sent_on=self.terms.today_on,
                deadline_on=priced.pay_by_on,
                channel="mail",
                added=priced.added[INVOICE],
                terms=self.terms,
            )
        )

    # ----- what has happened

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


DAYS = st.builds(lambda days: ("passes", days), st.integers(1, 25))
HAPPENINGS = st.one_of(
    DAYS,
    DAYS,
    DAYS,
    st.builds(lambda minor, ago: ("pays", minor, ago), st.integers(1, GROSS), st.integers(0, 30)),
    st.just(("takes_back",)),
    st.builds(lambda days: ("pauses", days), st.none() | st.integers(0, 30)),
    st.just(("resumes",)),
    st.just(("disputes",)),
    st.just(("settles",)),
    st.just(("gives_up",)),
)
LIVES = st.lists(HAPPENINGS, min_size=3, max_size=14)


def lived(happenings: Sequence[tuple[Any, ...]]) -> Life:
    life = Life()
    for name, *with_ in happenings:
        match name:
            case "resumes":
                life.do(ResumeInvoice(ANNA, life.terms))
            case "disputes":
                life.do(DisputeInvoice("goods", ANNA, life.terms))
            case "settles":
                life.do(SettleDispute(False, ANNA, life.terms))
            case "gives_up":
                command = WriteOffCharges(
                    "manual", claim_waived=True, terms=life.terms, written_off_by=ANNA
                )
                life.do(command)
            case _:
                getattr(life, name)(*with_)
    return life


@settings(max_examples=300)
@given(LIVES)
def test_no_step_is_skipped_and_none_is_done_twice(happenings: Any) -> None:
    steps = [one.step for one in lived(happenings).of(e.LetterCounted)]
    assert steps == list(range(len(steps)))


@settings(max_examples=300)
@given(LIVES)
def test_letters_are_as_far_apart_as_the_timeline_says(happenings: Any) -> None:
    sent = [one.sent_on for one in lived(happenings).of(e.LetterCounted)]
    gaps = [(later - earlier).days for earlier, later in pairwise(sent)]
    assert all(gap >= TERMS.timeline.gap_days for gap in gaps)
    assert all(day.weekday() in TERMS.timeline.list_days for day in sent)


@settings(max_examples=300)
@given(LIVES)
def test_nobody_is_written_to_who_has_paid_is_paused_or_disputes(happenings: Any) -> None:
    state = Receivable()
    for event in lived(happenings).events:
        if isinstance(event, e.LetterIssued):
            assert state.state is State.OPEN
            assert state.pause is None
            assert state.disputed is None
            assert state.principal.minor > 0
        state = evolve(state, event)


@settings(max_examples=300)
@given(LIVES)
def test_a_fee_is_never_above_its_cap_and_there_are_three_at_most(happenings: Any) -> None:
    fees = [one.charge for one in lived(happenings).of(e.ChargeAdded) if one.charge.kind == "fee"]
    assert len([fee for fee in fees if fee.amount.minor > 0]) <= 3
    assert all(fee.amount <= dkk(100_00) for fee in fees)


@settings(max_examples=300)
@given(LIVES)
def test_what_is_bookkept_is_what_is_charged_less_what_is_given_up_and_taken_back(
    happenings: Any,
) -> None:
    life = lived(happenings)
    charged = sum(one.charge.amount.minor for one in life.of(e.ChargeAdded))
    gone = sum(
        claimed.amount.minor
        for event in [*life.of(e.ChargesWrittenOff), *life.of(e.ChargesReversed)]
        for claimed in event.amounts
    )
    posted = sum(
        claimed.amount.minor for event in life.of(e.PostingSought) for claimed in event.amounts
    )
    assert posted == charged - gone == life.state.open_charges.minor


@settings(max_examples=300)
@given(LIVES)
def test_interest_is_never_more_than_the_law_allows_on_what_is_known(happenings: Any) -> None:
    life = lived(happenings)
    terms = life.terms
    booked = pricing.booked_of(life.state).interest
    full = pricing.accrued(replace(life.state, charges={}), terms, terms.today_on)
    assert dkk(0) <= booked <= full


@settings(max_examples=300)
@given(LIVES)
def test_what_is_told_again_from_the_beginning_is_the_same_invoice(happenings: Any) -> None:
    life = lived(happenings)
    assert RECEIVABLE.fold(life.events) == life.state


def test_a_list_that_was_missed_for_weeks_catches_up_with_one_letter() -> None:
    life = Life()
    life.terms = replace(life.terms, today_on=DUE + timedelta(days=90))
    life.morning()
    life.passes(10)
    assert [one.step for one in life.of(e.LetterCounted)] == [0]
