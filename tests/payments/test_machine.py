"""The machine of a payment order: every state with every command, and every row of its table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from services.payments import commands as c
from services.payments.events import order as e
from services.payments.model.payment import PAYMENT, TABLE
from services.payments.values import State
from shared.decider import Rejected
from shared.money import Money
from shared.testing.spec import given
from tests.payments.histories import (
    ANNA,
    AT,
    BATCH,
    BO,
    CARLA,
    COMMANDS,
    DAY,
    DEBTOR,
    DIGEST,
    E2E,
    EXECUTION,
    HISTORIES,
    POSTING,
    REQUEST,
    RETURN,
    SHA,
    a_grant,
    an_approval,
    dkk,
)

S = State
ALL = frozenset(S)
AFTER_RELEASE = {
    S.RELEASING, S.SUBMITTED, S.OUTCOME_UNKNOWN, S.ACCEPTED, S.AWAITING_FUNDS, S.CANCEL_PENDING,
    S.CANCELLED, S.BANK_REJECTED, S.EXECUTED, S.RECONCILED, S.RETURNED,
}  # fmt: skip
EDITABLE = ALL - AFTER_RELEASE - {S.NEW}

# Written down a second time, from the table in the README, so that neither can drift alone.
REFUSED_IN: dict[type[Any], frozenset[State]] = {
    c.DraftPayment: frozenset(),
    c.NoteInvoice: frozenset({S.NEW}),
    c.NoteCopy: frozenset({S.NEW}),
    c.NoteRemaining: frozenset({S.NEW}),
    c.RaiseConcern: frozenset({S.NEW}),
    c.LiftConcern: frozenset({S.NEW}),
    c.ClearBlock: ALL - {S.BLOCKED},
    c.RevisePayment: ALL - EDITABLE,
    c.AskApproval: ALL - {S.DRAFT},
    c.NoteGrant: frozenset({S.NEW}),
    c.ApprovePayment: frozenset({S.NEW}),
    c.NoteRejection: frozenset({S.NEW}),
    c.NoteExpiry: frozenset({S.NEW}),
    c.SchedulePayment: ALL - {S.APPROVED, S.SCHEDULED},
    c.WithdrawPayment: ALL - EDITABLE,
    c.RecheckPayment: ALL - {S.SCHEDULED},
    c.ReleaseHold: ALL - {S.HELD},
    c.ReleasePayment: ALL - {S.SCHEDULED},
    c.NoteSent: ALL - AFTER_RELEASE,
    c.NoteNotSent: ALL - AFTER_RELEASE,
    c.NoteRefusal: ALL - AFTER_RELEASE,
    c.NoteOutcomeUnknown: ALL - AFTER_RELEASE,
    c.RaiseAlert: frozenset({S.NEW}),
    c.ReportBankWord: ALL - {S.OUTCOME_UNKNOWN},
    c.NoteBankStatus: ALL - AFTER_RELEASE,
    c.RequestCancel: ALL - {S.SUBMITTED, S.ACCEPTED, S.AWAITING_FUNDS},
    c.NoteCancelRefused: ALL - AFTER_RELEASE,
    c.NoteExecution: ALL - AFTER_RELEASE,
    c.NoteFee: ALL - AFTER_RELEASE,
    c.NoteReturn: ALL - AFTER_RELEASE,
    c.NoteMisfit: frozenset({S.NEW}),
    c.NoteVoucher: frozenset({S.NEW}),
    c.NotePostingRefused: frozenset({S.NEW}),
}


def test_there_is_a_history_for_every_state_and_an_example_of_every_command() -> None:
    assert set(HISTORIES) == ALL
    assert set(COMMANDS) == set(get_args(c.Command)) == set(TABLE) == set(REFUSED_IN)
    for state, history in HISTORIES.items():
        assert PAYMENT.fold(history).state is state


def refusal(command: c.Command, state: State) -> str | None:
    """The code of the refusal, None if the command is answered."""
    try:
        PAYMENT.decide(command, PAYMENT.fold(HISTORIES[state]))
    except Rejected as rejected:
        return rejected.code
    return None


@pytest.mark.parametrize("state", sorted(ALL))
@pytest.mark.parametrize("kind", REFUSED_IN)
def test_a_command_is_refused_in_exactly_the_states_that_are_not_listed(
    kind: type[Any], state: State
) -> None:
    code = refusal(COMMANDS[kind], state)
    if state not in REFUSED_IN[kind]:
        assert code is None
    elif state is S.NEW:
        assert code == "unknown_payment"
    else:
        assert code in {f"not_when_{state}", "never_released"}


def test_a_draft_follows_from_an_invoice() -> None:  # row 1
    given(PAYMENT).when(COMMANDS[c.DraftPayment]).then(*HISTORIES[S.DRAFT])


@pytest.mark.capability("S17")
def test_it_is_put_to_the_approvers_with_its_digest() -> None:  # row 4
    ask = c.AskApproval(REQUEST, DIGEST, ANNA, AT)
    given(PAYMENT, *HISTORIES[S.DRAFT]).when(ask).then(e.ApprovalAsked(REQUEST, DIGEST, ANNA, AT))


def test_one_yes_of_several_is_noted_and_changes_nothing() -> None:  # row 5
    note = c.NoteGrant(REQUEST, BO, 1, 1)
    state = (
        given(PAYMENT, *HISTORIES[S.AWAITING_APPROVAL])
        .when(note)
        .then(e.GrantNoted(REQUEST, BO, 1))
    )
    assert state.state is S.AWAITING_APPROVAL


def test_verified_evidence_approves() -> None:  # row 6
    given(PAYMENT, *HISTORIES[S.AWAITING_APPROVAL]).when(an_approval()).then(
        e.PaymentApproved(REQUEST, DIGEST, 1, (a_grant(),))
    )


@pytest.mark.capability("S26")
def test_a_no_makes_it_a_draft_of_the_next_revision() -> None:  # row 7
    note = c.NoteRejection(REQUEST, 1, BO)
    state = (
        given(PAYMENT, *HISTORIES[S.AWAITING_APPROVAL])
        .when(note)
        .then(e.PaymentRejected(REQUEST, 2, BO))
    )
    assert (state.state, state.revision, state.digest) == (S.DRAFT, 2, "")


@pytest.mark.parametrize("state", sorted({S.AWAITING_APPROVAL, S.APPROVED, S.SCHEDULED, S.HELD}))
def test_an_edit_voids_every_yes(state: State) -> None:  # row 8
    payment = PAYMENT.fold(HISTORIES[state])
    events = PAYMENT.decide(COMMANDS[c.RevisePayment], payment)
    after = PAYMENT.fold(events, payment)
    assert (after.state, after.revision) == (S.DRAFT, 2)
    assert (after.approvers, after.digest, after.request_id) == (frozenset(), "", None)


@pytest.mark.capability("F8")
def test_an_approval_out_of_time_makes_it_a_draft() -> None:  # row 9
    state = (
        given(PAYMENT, *HISTORIES[S.AWAITING_APPROVAL])
        .when(c.NoteExpiry(REQUEST))
        .then(e.ApprovalExpired(REQUEST))
    )
    assert state.state is S.DRAFT


def test_it_is_scheduled() -> None:  # row 10
    given(PAYMENT, *HISTORIES[S.APPROVED]).when(COMMANDS[c.SchedulePayment]).then(
        e.PaymentScheduled(DAY, DAY, AT, "DK.1")
    )


@pytest.mark.parametrize("state", sorted(EDITABLE))
def test_it_may_be_withdrawn_until_it_is_released(state: State) -> None:  # row 11
    events = PAYMENT.decide(COMMANDS[c.WithdrawPayment], PAYMENT.fold(HISTORIES[state]))
    assert events == [e.PaymentWithdrawn("withdrawn", ANNA)]


def test_it_is_released_into_one_batch() -> None:  # row 13
    given(PAYMENT, *HISTORIES[S.SCHEDULED]).when(COMMANDS[c.ReleasePayment]).then(
        e.PaymentReleased(BATCH, 1, E2E, DEBTOR, DIGEST, in_transit=False)
    )


def test_a_batch_that_never_left_frees_its_orders() -> None:  # row 14
    state = (
        given(PAYMENT, *HISTORIES[S.RELEASING])
        .when(c.NoteNotSent(BATCH))
        .then(e.PaymentNotSent(BATCH))
    )
    assert state.state is S.SCHEDULED


def test_a_receipt_submits() -> None:  # row 15
    given(PAYMENT, *HISTORIES[S.RELEASING]).when(c.NoteSent(BATCH, SHA, "bank-1")).then(
        e.PaymentSubmitted(BATCH, SHA, "bank-1")
    )


def test_no_answer_freezes_it() -> None:  # row 16
    given(PAYMENT, *HISTORIES[S.RELEASING]).when(c.NoteOutcomeUnknown(BATCH, AT)).then(
        e.PaymentOutcomeUnknown(BATCH, AT)
    )


def word(by: Any, *, received: bool) -> c.ReportBankWord:
    return c.ReportBankWord(received, by, frozenset({"approver"}), SHA)


def test_two_persons_with_the_banks_word_free_it_to_be_sent_again() -> None:  # row 17
    first = (*HISTORIES[S.OUTCOME_UNKNOWN], e.BankWordReported(received=False, reported_by=BO))
    given(PAYMENT, *first).when(word(BO, received=False)).then_nothing()
    state = (
        given(PAYMENT, *first)
        .when(word(CARLA, received=False))
        .then(
            e.BankWordReported(received=False, reported_by=CARLA),
            e.OutcomeProved(received=False, proof="bank_word", reported_by=(BO, CARLA)),
        )
    )
    assert state.state is S.SCHEDULED


def test_two_persons_who_contradict_each_other_prove_nothing() -> None:  # row 17
    first = (*HISTORIES[S.OUTCOME_UNKNOWN], e.BankWordReported(received=True, reported_by=BO))
    state = (
        given(PAYMENT, *first)
        .when(word(CARLA, received=False))
        .then(e.BankWordReported(received=False, reported_by=CARLA))
    )
    assert state.state is S.OUTCOME_UNKNOWN


def test_the_banks_status_proves_an_unknown_outcome() -> None:  # row 17
    status = c.NoteBankStatus(BATCH, "ACCP")
    given(PAYMENT, *HISTORIES[S.OUTCOME_UNKNOWN]).when(status).then(
        e.OutcomeProved(received=True, proof="status"), e.PaymentAccepted("ACCP")
    )


def test_acceptance_and_want_of_funds_alternate() -> None:  # rows 18 and 19
    waits = given(PAYMENT, *HISTORIES[S.ACCEPTED]).when(c.NoteBankStatus(BATCH, "PDNG"))
    state = waits.then(e.PaymentAwaitsFunds("PDNG"))
    assert PAYMENT.decide(c.NoteBankStatus(BATCH, "ACSP"), state) == [e.PaymentAccepted("ACSP")]


@pytest.mark.parametrize("state", [S.SUBMITTED, S.ACCEPTED, S.AWAITING_FUNDS, S.CANCEL_PENDING])
def test_the_bank_rejects(state: State) -> None:  # row 20
    status = c.NoteBankStatus(BATCH, "RJCT", "AC01")
    given(PAYMENT, *HISTORIES[state]).when(status).then(e.PaymentRefusedByBank("AC01"))


@pytest.mark.parametrize("state", [S.SUBMITTED, S.ACCEPTED, S.AWAITING_FUNDS])
def test_a_cancellation_is_a_request_with_an_answer(state: State) -> None:  # rows 21 and 22
    pending = (
        given(PAYMENT, *HISTORIES[state])
        .when(c.RequestCancel(ANNA))
        .then(e.CancelRequested(BATCH, ANNA))
    )
    refused = PAYMENT.decide(c.NoteCancelRefused(BATCH, "LATE"), pending)
    assert refused == [e.CancelRefused(state, "LATE")]
    assert PAYMENT.fold(refused, pending).state is state
    confirmed = PAYMENT.decide(c.NoteBankStatus(BATCH, "CANC"), pending)
    assert confirmed == [e.CancelConfirmed()]


@pytest.mark.case("rails", 18)
def test_a_debit_wins_over_a_late_answer_to_a_cancellation() -> None:  # row 22
    executed = (
        given(PAYMENT, *HISTORIES[S.CANCEL_PENDING])
        .when(EXECUTION)
        .then(
            e.PaymentExecuted(EXECUTION.amount, DAY, "L1"),
            e.PaymentReconciled("L1", DAY, pooled=False),
        )
    )
    assert executed.state is S.RECONCILED
    assert PAYMENT.decide(c.NoteCancelRefused(BATCH, "LATE"), executed) == []
    assert PAYMENT.decide(c.NoteBankStatus(BATCH, "CANC"), executed) == []


@pytest.mark.parametrize(
    "state",
    sorted(AFTER_RELEASE - {S.EXECUTED, S.RECONCILED, S.RETURNED, S.OUTCOME_UNKNOWN}),
)
def test_a_booked_line_executes_whatever_was_said_before(state: State) -> None:  # row 23
    events = PAYMENT.decide(EXECUTION, PAYMENT.fold(HISTORIES[state]))
    assert e.PaymentExecuted(EXECUTION.amount, DAY, "L1") in events


def test_a_line_that_does_not_agree_executes_without_reconciling() -> None:  # row 24
    line = c.NoteExecution(E2E, DEBTOR, dkk("1249.99"), DAY, "L1", reconciles=False)
    given(PAYMENT, *HISTORIES[S.ACCEPTED]).when(line).then(
        e.PaymentExecuted(dkk("1249.99"), DAY, "L1")
    )


@pytest.mark.parametrize("state", [S.EXECUTED, S.RECONCILED, S.ACCEPTED])
def test_money_that_comes_back_returns_it_whatever_came_before(state: State) -> None:  # row 25
    returned = (
        given(PAYMENT, *HISTORIES[state])
        .when(RETURN)
        .then(e.PaymentReturned(RETURN.amount, "AC04", DAY, "L2"))
    )
    assert returned.state is S.RETURNED
    late = PAYMENT.fold(PAYMENT.decide(EXECUTION, returned), returned)
    assert late.state is S.RETURNED
    assert PAYMENT.decide(c.NoteBankStatus(BATCH, "RJCT", "AC01"), late) == []


def test_a_posting_that_was_refused_is_bookkept_when_it_was_tried_again() -> None:
    refused = (*HISTORIES[S.RECONCILED], e.PostingRefused(POSTING, "no_open_period"))
    given(PAYMENT, *refused).when(c.NotePostingRefused(POSTING, "closed")).then_nothing()
    posted = e.PaymentBookkept(POSTING, "V9", DAY)
    given(PAYMENT, *refused).when(c.NoteVoucher(POSTING, "V9", DAY)).then(posted)
    given(PAYMENT, *refused, posted).when(c.NoteVoucher(POSTING, "V9", DAY)).then_nothing()
    given(PAYMENT, *refused, posted).when(c.NotePostingRefused(POSTING, "late")).then_nothing()


@pytest.mark.property_("P19")
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (c.NoteBankStatus(REQUEST, "ACCP"), "another_batch"),
        (c.NoteExecution("E2E-OTHER", DEBTOR, dkk("1.00"), DAY, "L1"), "another_order"),
        (c.NoteExecution(E2E, "other", dkk("1.00"), DAY, "L1"), "another_account"),
        (c.NoteReturn(E2E, "other", dkk("1.00"), "AC04", DAY, "L2"), "another_account"),
        (c.NoteFee(E2E, "other", dkk("1.00"), DAY, "L3"), "another_account"),
        (replace(EXECUTION, amount=dkk("-1250.00")), "other_direction"),
        (replace(EXECUTION, amount=Money.of("1250.00", "EUR")), "another_currency"),
        (replace(RETURN, amount=dkk("-1250.00")), "other_direction"),
        (replace(RETURN, amount=Money.of("1250.00", "EUR")), "another_currency"),
    ],
)
def test_the_banks_answer_about_another_order_batch_or_account_is_refused(
    answer: c.Command, code: str
) -> None:
    given(PAYMENT, *HISTORIES[S.SUBMITTED]).when(answer).then_rejected(code)


def test_an_order_that_was_proved_not_received_is_held_when_the_bank_has_it_after_all() -> None:
    proved = e.OutcomeProved(received=False, proof="bank_word", reported_by=(BO, CARLA))
    history = (*HISTORIES[S.OUTCOME_UNKNOWN], proved)
    noted, held = PAYMENT.decide(c.NoteBankStatus(BATCH, "ACCP"), PAYMENT.fold(history))
    assert isinstance(noted, e.ConcernNoted)
    assert isinstance(held, e.PaymentHeld)
    assert noted.reason.code == held.reason.code == "bank_has_it"
