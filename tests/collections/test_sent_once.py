"""Whatever happens, in whatever order: no invoice is with the agency twice, none that may not go."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.collections import commands as c
from services.collections.events import case as e
from services.collections.events.case import CaseEvent
from services.collections.model.case import Case
from services.collections.model.claim import CLAIM
from services.collections.model.handling import CASE
from services.collections.values import CaseState, ClaimState, Collected, Received, Seen, SentClaim
from shared.decider import Rejected
from shared.money import Money, sums
from shared.sealed import Sealed
from tests.collections.test_claim_rules import ANNA, FACTS, GOES_AT, GOES_ON, READY, not_ready

TENANT = UUID(int=7)
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
TODAY = date(2026, 3, 4)
SEALED = Sealed(TENANT, "")
SENT = SentClaim(
    FACTS.invoice_id, "F-1", FACTS.issued_on, FACTS.due_on, FACTS.principal, FACTS.charges,
    FACTS.interest,
)  # fmt: skip
FOUND = st.sampled_from([(), (), ("unmatched_items",), ("settled",), ("deceased",)])


def sending(number: int) -> c.SendCase:
    return c.SendCase("debitura", FACTS.debtor_id, (SENT,), f"R{number}", SEALED, "", TODAY, False)


class AtMostOnce(RuleBasedStateMachine):
    """One invoice, and an agency that keeps what reaches it; a person repeats its true word only."""

    @initialize()
    def ready(self) -> None:
        self.claim = CLAIM.fold([READY])
        self.cases: dict[UUID, Case] = {}
        self.arrived: set[UUID] = set()
        self.ended: set[UUID] = set()
        self.found: tuple[str, ...] = ()
        self.sent_while_held = 0

    def tell_claim(self, command: c.ClaimCommand) -> bool:
        try:
            events = CLAIM.decide(command, self.claim)
        except Rejected:
            return False
        self.claim = CLAIM.fold(events, self.claim)
        return bool(events)

    def tell_case(self, case_id: UUID, command: c.CaseCommand) -> None:
        try:
            events = CASE.decide(command, self.cases.get(case_id, CASE.initial))
        except Rejected:
            return
        self.cases[case_id] = CASE.fold(events, self.cases.get(case_id, CASE.initial))
        for event in events:
            match event:
                case e.CaseRefused():
                    self.tell_claim(c.ReturnClaim(case_id, "refused"))
                case e.CaseNotSent():
                    self.tell_claim(c.ReturnClaim(case_id, "not_sent"))
                case e.AgencyWordReported():
                    self.tell_claim(c.ReturnClaim(case_id, "never_arrived"))
                case e.CaseRecalled():
                    self.tell_claim(c.ReturnClaim(case_id, "recalled"))
                case e.CaseClosed():
                    self.tell_claim(c.EndClaim(case_id, event.code))
                case _:
                    pass

    @property
    def last(self) -> UUID | None:
        return next(reversed(self.cases), None)

    @rule(found=FOUND)
    def the_world_is_looked_at(self, found: tuple[str, ...]) -> None:
        self.found = found
        self.tell_claim(c.LookAtClaim(found, None, GOES_ON, GOES_AT))

    @rule(code=st.sampled_from(["paused", "disputed"]), begins=st.booleans())
    def others_hold_it(self, code: str, begins: bool) -> None:
        hold = c.TellHold(FACTS.invoice_id, FACTS.debtor_id, code)
        self.tell_claim(hold if begins else c.LiftHold(code))

    @rule(ready=st.booleans())
    def dunning_speaks(self, ready: bool) -> None:
        self.tell_claim(c.NoteReady(FACTS) if ready else not_ready())

    @rule(stops=st.booleans())
    def a_person_stops_it_or_lets_it_go(self, stops: bool) -> None:
        self.tell_claim(c.StopTransfer(ANNA) if stops else c.EndStop(ANNA))

    @rule(arrives=st.booleans(), answer=st.sampled_from(["yes", "no", "none", "not_sent"]))
    def it_is_sent(self, arrives: bool, answer: str) -> None:
        case_id = uuid5(TENANT, f"case:{len(self.cases) + 1}")
        holds = self.claim.own_holds
        if not self.tell_claim(c.SendClaim(case_id, self.found)):
            return
        self.sent_while_held += bool(holds or self.found)
        self.tell_case(case_id, sending(len(self.cases) + 1))
        match answer:
            case "not_sent":
                self.tell_case(case_id, c.NoteNotSent())
            case "no":
                self.tell_case(case_id, c.NoteRefused("no"))
            case "yes":
                self.arrived.add(case_id)
                self.tell_case(case_id, c.NoteAccepted("A", "R"))
            case _:
                self.arrived |= {case_id} if arrives else set()
                self.tell_case(case_id, c.NoteOutcomeUnknown(NOW))

    @precondition(lambda self: self.last is not None)
    @rule()
    def the_agency_is_asked_after_it(self) -> None:
        if self.last in self.arrived:
            self.tell_case(self.last, c.NoteAccepted("A", "R"))

    @precondition(lambda self: self.last is not None)
    @rule()
    def a_person_reports_the_agencys_true_word(self) -> None:
        if self.last is not None and self.last not in self.arrived:
            self.tell_case(self.last, c.ReportNeverArrived(ANNA, SEALED))

    @precondition(lambda self: self.last is not None)
    @rule(closed=st.sampled_from([None, "paid", "withdrawn"]), recall=st.booleans())
    def the_agency_is_looked_at(self, closed: str | None, recall: bool) -> None:
        assert self.last is not None
        if recall:
            self.tell_case(self.last, c.SeekRecall(self.last, ANNA, SEALED))
        seen = Seen("active", "Active", None, (), closed, NOW)
        before = self.cases[self.last].state
        self.tell_case(self.last, c.NoteSeen(self.last, seen, TODAY))
        if before is CaseState.ACTIVE and closed is not None:
            self.ended.add(self.last)

    @invariant()
    def it_is_with_the_agency_at_most_once(self) -> None:
        assert len(getattr(self, "arrived", set()) - getattr(self, "ended", set())) <= 1

    @invariant()
    def nothing_left_that_was_held(self) -> None:
        assert not getattr(self, "sent_while_held", 0)

    @invariant()
    def what_the_agency_may_have_is_not_here(self) -> None:
        live = {CaseState.SUBMITTED, CaseState.OUTCOME_UNKNOWN, CaseState.ACTIVE}
        if any(case.state in live for case in getattr(self, "cases", {}).values()):
            assert self.claim.state is ClaimState.SENT


TestSentAtMostOnce = AtMostOnce.TestCase
TestSentAtMostOnce.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_the_walk_does_reach_the_agency_and_come_back() -> None:
    """The property would hold of a machine that never sends, too."""
    walk = AtMostOnce()
    walk.ready()
    walk.it_is_sent(arrives=False, answer="none")
    walk.a_person_reports_the_agencys_true_word()
    walk.a_person_stops_it_or_lets_it_go(stops=False)
    walk.it_is_sent(arrives=True, answer="none")
    walk.the_agency_is_asked_after_it()
    walk.the_agency_is_looked_at(closed="paid", recall=False)
    assert walk.claim.state is ClaimState.OVER
    assert len(walk.cases) == 2
    assert len(walk.arrived) == 1


PRINCIPAL = FACTS.principal
ENTRIES = [uuid5(TENANT, f"entry:{number}") for number in range(4)]
AMOUNTS = st.integers(1, 150_000).map(lambda minor: Money(minor, "DKK"))
SET_OFF = st.dictionaries(
    st.sampled_from(ENTRIES), st.tuples(st.sampled_from(["payment", "credit_note"]), AMOUNTS)
)
COLLECTED = st.lists(st.tuples(AMOUNTS, st.integers(0, 20_000)), max_size=3)


def received(set_off: dict[UUID, tuple[str, Money]]) -> tuple[Received, ...]:
    return tuple(
        Received(entry, kind, amount, TODAY)  # type: ignore[arg-type]  # one of the two kinds
        for entry, (kind, amount) in sorted(set_off.items())
    )


@drawn(st.lists(st.tuples(SET_OFF, COLLECTED), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_what_is_told_is_never_more_than_the_principal_nor_less_than_nothing(
    turns: list[tuple[dict[UUID, tuple[str, Money]], list[tuple[Money, int]]]],
) -> None:
    """Each movement of the ledger is judged once, and a pay-out is told in no case."""
    case_id = uuid5(TENANT, "case:1")
    history: list[CaseEvent] = list(CASE.decide(sending(1), CASE.initial))
    case = CASE.fold(history)

    def tell(command: c.CaseCommand) -> None:
        nonlocal case
        events = CASE.decide(command, case)
        history.extend(events)
        case = CASE.fold(events, case)

    tell(c.NoteAccepted("A", "R"))
    known: list[Collected] = []
    for set_off, more in turns:
        known += [
            Collected(
                f"S{len(known) + place}", amount, TODAY, Money(min(kept, amount.minor), "DKK")
            )
            for place, (amount, kept) in enumerate(more)
        ]
        tell(c.NoteReceived(FACTS.invoice_id, received(set_off)))
        tell(c.NoteReceived(FACTS.invoice_id, received(set_off)))
        seen = Seen("active", "Active", None, tuple(known), None, NOW)
        tell(c.NoteSeen(case_id, seen, TODAY))
        told = case.told.get(FACTS.invoice_id, Money.zero("DKK"))
        assert Money.zero("DKK") <= told <= PRINCIPAL
        assert case.unjudged == ()
    judged = [
        event.money if isinstance(event, e.TellingSought) else event.number
        for event in history
        if isinstance(event, e.TellingSought | e.PayOutRecognised | e.MoneyNotTold)
    ]
    assert sorted(number for number in judged if number) == sorted(case.money)
    for entry, (_, amount) in turns[-1][0].items():
        assert case.set_off[entry, FACTS.invoice_id] == amount
    assert len(sums(one.amount for one in known)) <= 1
    assert CASE.fold(history) == case
