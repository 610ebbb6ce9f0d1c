"""Whatever happens, in whatever order: an honest bank is never asked twice for the same money."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid5

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.payments import commands as c
from services.payments.events import order as e
from services.payments.model.payment import PAYMENT
from services.payments.values import State
from shared.decider import Rejected
from tests.payments.histories import (
    AMOUNT,
    ANNA,
    BO,
    CARLA,
    COMMANDS,
    DAY,
    DEBTOR,
    DIGEST,
    E2E,
    EXECUTION,
    ORDER,
    RETURN,
    SHA,
    an_approval,
    dkk,
)

PERSONS = st.sampled_from([ANNA, BO, CARLA])
NEWS = st.sampled_from([
    c.NoteBankStatus, c.NoteCancelRefused, c.RaiseAlert, c.NoteRemaining, c.NoteFee, c.NoteVoucher,
    c.NoteGrant, c.NoteRejection, c.NoteExpiry, c.RequestCancel, c.WithdrawPayment, c.RaiseConcern,
    c.AskApproval, c.SchedulePayment, c.RecheckPayment, c.ReleaseHold, c.RevisePayment,
])  # fmt: skip
"""Everything that may be told or asked beside the sending itself."""


class AtMostOnce(RuleBasedStateMachine):
    """One order and a bank that executes what reaches it; persons repeat the bank's true word only."""

    @initialize()
    def drafted(self) -> None:
        self.payment = PAYMENT.fold([])
        self.history: list[e.PaymentEvent] = []
        self.received: list[str] = []
        self.executed: list[str] = []
        self.tell(COMMANDS[c.DraftPayment])

    def tell(self, command: c.Command) -> list[e.PaymentEvent]:
        try:
            events = list(PAYMENT.decide(command, self.payment))
        except Rejected:
            return []
        self.payment = PAYMENT.fold(events, self.payment)
        self.history += events
        return events

    @rule(kind=NEWS)
    def anything_is_told(self, kind: type[c.Command]) -> None:
        command = COMMANDS[kind]
        if isinstance(command, c.NoteBankStatus) and not self.received:
            return  # an honest bank says nothing of what it never got
        if isinstance(command, c.NoteBankStatus | c.NoteCancelRefused | c.RaiseAlert):
            command = replace(command, batch_id=self.payment.batch_id or ORDER)
        self.tell(command)

    @rule(by=PERSONS)
    def approved(self, by: UUID) -> None:
        approval = an_approval(
            revision=self.payment.revision,
            request_id=self.payment.request_id or ORDER,
        )
        grants = tuple(
            replace(g, revision=self.payment.revision, approver_id=by) for g in approval.evidence
        )
        self.tell(replace(approval, evidence=grants, signed=grants))
        self.tell(COMMANDS[c.SchedulePayment])

    @rule(arrives=st.booleans(), answers=st.booleans(), left=st.booleans())
    def released(self, arrives: bool, answers: bool, left: bool) -> None:
        release = self.payment.release + 1
        batch_id = uuid5(ORDER, f"{release}")
        command = COMMANDS[c.ReleasePayment]
        assert isinstance(command, c.ReleasePayment)
        if not self.tell(replace(command, batch_id=batch_id, digest=DIGEST)):
            return
        if not left:
            self.tell(c.NoteNotSent(batch_id))
            return
        if arrives:
            self.received.append(str(batch_id))
        if arrives and answers:
            self.tell(c.NoteSent(batch_id, SHA, "bank"))
        else:
            self.tell(c.NoteOutcomeUnknown(batch_id, EXECUTION_AT))

    @precondition(lambda self: self.payment.state is State.OUTCOME_UNKNOWN)
    @rule(by=PERSONS)
    def the_banks_word_is_reported(self, by: UUID) -> None:
        truth = str(self.payment.batch_id) in self.received
        roles = frozenset({"approver"})
        self.tell(c.ReportBankWord(truth, by, roles, SHA))

    @precondition(lambda self: len(self.executed) < len(self.received))
    @rule()
    def the_bank_executes(self) -> None:
        self.executed.append(self.received[len(self.executed)])
        line = f"L{len(self.executed)}"
        self.tell(c.NoteExecution(E2E, DEBTOR, AMOUNT, DAY, line))

    @precondition(lambda self: bool(self.executed))
    @rule()
    def the_money_comes_back(self) -> None:
        self.tell(RETURN)

    @invariant()
    def the_bank_is_asked_at_most_once(self) -> None:
        assert len(getattr(self, "received", [])) <= 1

    @invariant()
    def it_is_executed_at_most_once(self) -> None:
        kinds = [type(event) for event in getattr(self, "history", [])]
        assert kinds.count(e.PaymentExecuted) <= 1
        assert kinds.count(e.PaymentReturned) <= 1


EXECUTION_AT = COMMANDS[c.AskApproval].asked_at  # type: ignore[union-attr]  # it is an AskApproval
TestMoneyMovesAtMostOnce = AtMostOnce.TestCase
TestMoneyMovesAtMostOnce.settings = settings(
    max_examples=150, stateful_step_count=30, deadline=None
)


def test_the_walk_does_reach_the_bank() -> None:
    """The property would hold of a machine that never pays, too."""
    walk = AtMostOnce()
    walk.drafted()
    walk.anything_is_told(c.AskApproval)
    walk.approved(BO)
    walk.released(arrives=True, answers=True, left=True)
    walk.the_bank_executes()
    walk.the_money_comes_back()
    assert walk.payment.state is State.RETURNED
    assert dkk("1250.00") == walk.payment.executed == EXECUTION.amount
