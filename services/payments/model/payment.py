"""A payment order: one supplier invoice on its way to the bank. The machine is drawn in `order.py`.

Three answers are possible to a command in a state: it acts; it is silent, because it repeats or was
overtaken by what is already known; or it is refused. The table says which, for every pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from services.payments import commands as c
from services.payments.events.order import PaymentEvent
from services.payments.model import (
    approving,
    bank_answers,
    blocking,
    concerns,
    drafting,
    release,
)
from services.payments.model.order import Payment, evolve
from services.payments.values import AT_BANK, BEFORE_RELEASE, CANCELLABLE, OVER, PAID, State
from shared.decider import Decider, Rejected

_NOWHERE: frozenset[State] = frozenset()
_EXISTS = frozenset(State) - {State.NEW}
_LEFT = AT_BANK | PAID | OVER


@dataclass(frozen=True, slots=True)
class Answers:
    """In which states a command acts, and in which it is silent."""

    acts: frozenset[State]
    silent: frozenset[State] = _NOWHERE


def _in(*states: State) -> frozenset[State]:
    return frozenset(states)


TABLE: Mapping[type[c.Command], Answers] = {
    c.DraftPayment: Answers(_in(State.NEW), _EXISTS),
    c.NoteInvoice: Answers(_EXISTS),
    c.NoteCopy: Answers(_EXISTS),
    c.NoteRemaining: Answers(_EXISTS),
    c.RaiseConcern: Answers(BEFORE_RELEASE, _LEFT),
    c.LiftConcern: Answers(BEFORE_RELEASE, _LEFT),
    c.ClearBlock: Answers(_in(State.BLOCKED)),
    c.RevisePayment: Answers(BEFORE_RELEASE),
    c.AskApproval: Answers(_in(State.DRAFT)),
    c.NoteGrant: Answers(_in(State.AWAITING_APPROVAL), _EXISTS),
    c.ApprovePayment: Answers(_EXISTS),
    c.NoteRejection: Answers(_in(State.AWAITING_APPROVAL), _EXISTS),
    c.NoteExpiry: Answers(_in(State.AWAITING_APPROVAL), _EXISTS),
    c.SchedulePayment: Answers(_in(State.APPROVED, State.SCHEDULED)),
    c.WithdrawPayment: Answers(BEFORE_RELEASE),
    c.RecheckPayment: Answers(_in(State.SCHEDULED)),
    c.ReleaseHold: Answers(_in(State.HELD)),
    c.ReleasePayment: Answers(_in(State.SCHEDULED)),
    c.NoteSent: Answers(_in(State.RELEASING, State.OUTCOME_UNKNOWN), _LEFT),
    c.NoteNotSent: Answers(_in(State.RELEASING), _LEFT),
    c.NoteRefusal: Answers(_in(State.RELEASING, State.OUTCOME_UNKNOWN), _LEFT),
    c.NoteOutcomeUnknown: Answers(_in(State.RELEASING), _LEFT),
    c.RaiseAlert: Answers(_in(State.OUTCOME_UNKNOWN), _EXISTS),
    c.ReportBankWord: Answers(_in(State.OUTCOME_UNKNOWN)),
    c.NoteBankStatus: Answers(BEFORE_RELEASE | AT_BANK, PAID | OVER),
    c.RequestCancel: Answers(CANCELLABLE),
    c.NoteCancelRefused: Answers(_in(State.CANCEL_PENDING), _LEFT),
    c.NoteExecution: Answers(_EXISTS),
    c.NoteFee: Answers(_EXISTS),
    c.NoteReturn: Answers(_EXISTS),
    c.NoteMisfit: Answers(_EXISTS),
    c.NoteVoucher: Answers(_EXISTS),
    c.NotePostingRefused: Answers(_EXISTS),
}


def decide(command: c.Command, payment: Payment) -> Sequence[PaymentEvent]:
    """The events that a command causes; none if it changes nothing; Rejected if it may not be."""
    answers = TABLE[type(command)]
    if payment.state in answers.acts:
        return _decide(command, payment)
    if payment.state in answers.silent:
        return []
    if payment.state is State.NEW:
        raise Rejected("there is no such payment", code="unknown_payment")
    raise Rejected(
        f"a payment that is {payment.state} does not take {type(command).__name__}",
        code=f"not_when_{payment.state}",
    )


def _decide(command: c.Command, payment: Payment) -> Sequence[PaymentEvent]:  # noqa: C901, PLR0912  a closed union
    match command:
        case c.DraftPayment():
            return drafting.draft(command)
        case c.NoteInvoice():
            return drafting.note_invoice(command, payment)
        case c.NoteCopy():
            return drafting.note_copy(command, payment)
        case c.NoteRemaining():
            return drafting.note_remaining(command, payment)
        case c.RaiseConcern():
            return concerns.raise_concern(command, payment)
        case c.LiftConcern():
            return concerns.lift_concern(command, payment)
        case c.ClearBlock():
            return blocking.clear(command, payment)
        case c.RevisePayment():
            return drafting.revise(command, payment)
        case c.AskApproval():
            return approving.ask(command, payment)
        case c.NoteGrant():
            return approving.note_grant(command, payment)
        case c.ApprovePayment():
            return approving.approve(command, payment)
        case c.NoteRejection():
            return approving.note_rejection(command, payment)
        case c.NoteExpiry():
            return approving.note_expiry(command, payment)
        case c.SchedulePayment():
            return release.schedule(command, payment)
        case c.WithdrawPayment():
            return drafting.withdraw(command, payment)
        case c.RecheckPayment():
            return release.recheck(command, payment)
        case c.ReleaseHold():
            return release.release_hold(command, payment)
        case c.ReleasePayment():
            return release.release(command, payment)
        case c.NoteSent():
            return release.note_sent(command, payment)
        case c.NoteNotSent():
            return release.note_not_sent(command, payment)
        case c.NoteRefusal():
            return bank_answers.note_refusal(command, payment)
        case c.NoteOutcomeUnknown():
            return release.note_outcome_unknown(command, payment)
        case c.RaiseAlert():
            return release.raise_alert(command, payment)
        case c.ReportBankWord():
            return release.report_bank_word(command, payment)
        case c.NoteBankStatus():
            return bank_answers.note_status(command, payment)
        case c.RequestCancel():
            return bank_answers.request_cancel(command, payment)
        case c.NoteCancelRefused():
            return bank_answers.note_cancel_refused(command, payment)
        case c.NoteExecution():
            return bank_answers.note_execution(command, payment)
        case c.NoteFee():
            return bank_answers.note_fee(command, payment)
        case c.NoteReturn():
            return bank_answers.note_return(command, payment)
        case c.NoteMisfit():
            return bank_answers.note_misfit(command, payment)
        case c.NoteVoucher():
            return bank_answers.note_voucher(command, payment)
        case c.NotePostingRefused():
            return bank_answers.note_posting_refused(command, payment)
        case _:
            assert_never(command)


PAYMENT: Decider[c.Command, Payment, PaymentEvent] = Decider(decide, evolve, Payment())
