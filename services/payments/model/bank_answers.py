"""What the bank says after an order left, in whatever order it says it.

    returned > executed > rejected > accepted > submitted

An answer below what is already known changes nothing. A status is not cash: only a booked line of the
account executes an order.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.payments.commands import (
    LiftConcern,
    NoteBankStatus,
    NoteCancelRefused,
    NoteExecution,
    NoteFee,
    NoteMisfit,
    NotePostingRefused,
    NoteRefusal,
    NoteReturn,
    NoteVoucher,
    RaiseConcern,
    RequestCancel,
)
from services.payments.events.order import (
    CancelConfirmed,
    CancelRefused,
    CancelRequested,
    MisfitNoted,
    OutcomeProved,
    PaymentAccepted,
    PaymentAwaitsFunds,
    PaymentBookkept,
    PaymentEvent,
    PaymentExecuted,
    PaymentFeeTaken,
    PaymentReconciled,
    PaymentRefusedByBank,
    PaymentReturned,
    PostingRefused,
)
from services.payments.model.concerns import BANK_HAS_IT, lift_concern, raise_concern
from services.payments.model.order import Payment
from services.payments.model.release import of_batch
from services.payments.values import BEFORE_RELEASE, State
from shared.decider import Rejected
from shared.money import Money

_ACCEPTED = frozenset({"ACTC", "ACCP", "ACWC", "ACWP", "ACSP", "ACSC", "ACCC"})
_PENDING, _REJECTED, _CANCELLED = "PDNG", "RJCT", "CANC"


def note_status(command: NoteBankStatus, payment: Payment) -> Sequence[PaymentEvent]:
    """The bank's word on an order, in the codes of ISO 20022 pain.002.

    Any other than those told apart below (RCVD, PATC, PART, ACFC) says no more than that it came.
    """
    if payment.state in BEFORE_RELEASE:
        return _known_after_all(command, payment)
    of_batch(command.batch_id, payment)
    proved: list[PaymentEvent] = []
    if payment.state is State.OUTCOME_UNKNOWN:
        proved.append(OutcomeProved(received=True, proof="status"))
    if command.status == _REJECTED:
        return [*proved, PaymentRefusedByBank(command.reason or _REJECTED)]
    if command.status == _CANCELLED:
        return [*proved, CancelConfirmed()]
    if payment.state is State.CANCEL_PENDING:
        return []  # it was asked to stop; neither "accepted" nor "pending" answers that
    if command.status == _PENDING and payment.state is not State.AWAITING_FUNDS:
        return [*proved, PaymentAwaitsFunds(command.reason or _PENDING)]
    if command.status in _ACCEPTED and payment.state is not State.ACCEPTED:
        return [*proved, PaymentAccepted(command.status)]
    return proved


def _known_after_all(command: NoteBankStatus, payment: Payment) -> Sequence[PaymentEvent]:
    """It was proved not received, and now the bank has it: it must not go a second time."""
    never_released(payment)
    if command.status in {_REJECTED, _CANCELLED}:
        return lift_concern(LiftConcern(BANK_HAS_IT.code, BANK_HAS_IT.field), payment)
    return raise_concern(RaiseConcern(BANK_HAS_IT), payment)


def never_released(payment: Payment) -> None:
    """Refuse the bank's word on an order that it never got from us."""
    if payment.release == 0:
        raise Rejected("this order has never left", code="never_released")


def note_refusal(command: NoteRefusal, payment: Payment) -> Sequence[PaymentEvent]:
    of_batch(command.batch_id, payment)
    return [PaymentRefusedByBank(command.code)]


def request_cancel(command: RequestCancel, payment: Payment) -> Sequence[PaymentEvent]:
    assert payment.batch_id is not None, "what is at the bank left in a batch"
    return [CancelRequested(payment.batch_id, command.requested_by)]


def note_cancel_refused(command: NoteCancelRefused, payment: Payment) -> Sequence[PaymentEvent]:
    of_batch(command.batch_id, payment)
    return [CancelRefused(payment.before_cancel, command.code)]


def note_execution(command: NoteExecution, payment: Payment) -> Sequence[PaymentEvent]:
    """Money has moved. It is executed whatever was said before, cancelled and rejected included."""
    _ours(command.end_to_end_id, command.debtor_fingerprint, payment)
    if payment.executed is not None:
        return []
    _has_moved(command.amount, payment)
    noted: list[PaymentEvent] = []
    if payment.state is State.OUTCOME_UNKNOWN:
        noted.append(OutcomeProved(received=True, proof="statement"))
    noted.append(
        PaymentExecuted(
            command.amount,
            command.executed_on,
            command.bank_reference,
            command.fee,
            command.pooled,
        )
    )
    if command.reconciles:
        noted.append(PaymentReconciled(command.bank_reference, command.executed_on, command.pooled))
    return noted


def _ours(end_to_end_id: str, debtor_fingerprint: str, payment: Payment) -> None:
    never_released(payment)
    if end_to_end_id not in payment.end_to_end_ids:
        raise Rejected("the bank speaks of another order", code="another_order")
    if debtor_fingerprint != payment.debtor_fingerprint:
        raise Rejected("it left from another account", code="another_account")


def _has_moved(amount: Money, payment: Payment) -> None:
    """Refuse what cannot be this order's money, there or back; the line is kept for people to look at."""
    if amount.minor <= 0:
        raise Rejected("it moved the other way", code="other_direction")
    if amount.currency != payment.amount.currency:
        raise Rejected("it moved another currency", code="another_currency")


def note_fee(command: NoteFee, payment: Payment) -> Sequence[PaymentEvent]:
    _ours(command.end_to_end_id, command.debtor_fingerprint, payment)
    if command.bank_reference in payment.fees:
        return []
    return [PaymentFeeTaken(command.fee, command.taken_on, command.bank_reference)]


def note_return(command: NoteReturn, payment: Payment) -> Sequence[PaymentEvent]:
    """The money is back, whether or not its going was ever told."""
    _ours(command.end_to_end_id, command.debtor_fingerprint, payment)
    if payment.returned is not None:
        return []
    _has_moved(command.amount, payment)
    return [
        PaymentReturned(command.amount, command.code, command.returned_on, command.bank_reference)
    ]


def note_misfit(command: NoteMisfit, payment: Payment) -> Sequence[PaymentEvent]:
    if command.bank_reference in payment.misfits:
        return []
    return [MisfitNoted(command.code, command.amount, command.booked_on, command.bank_reference)]


def note_voucher(command: NoteVoucher, payment: Payment) -> Sequence[PaymentEvent]:
    if command.posting_id in payment.postings:
        return []
    return [PaymentBookkept(command.posting_id, command.voucher, command.posted_on)]


def note_posting_refused(command: NotePostingRefused, payment: Payment) -> Sequence[PaymentEvent]:
    """A posting that was refused may be tried again, and be bookkept in the end."""
    if command.posting_id in payment.postings | payment.refused_postings:
        return []
    return [PostingRefused(command.posting_id, command.code)]
