"""An approved order gets its day, is looked at once more, and leaves; or nobody knows whether it did.

Whether a message arrived is never guessed. An order of unknown outcome goes on only when the bank's
own status or statement shows it, or when two persons have the bank's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.payments.commands import (
    NoteNotSent,
    NoteOutcomeUnknown,
    NoteSent,
    RaiseAlert,
    RecheckPayment,
    ReleaseHold,
    ReleasePayment,
    ReportBankWord,
    SchedulePayment,
)
from services.payments.events.order import (
    BankWordReported,
    HoldReleased,
    OutcomeAlertRaised,
    OutcomeProved,
    PaymentEvent,
    PaymentHeld,
    PaymentNotSent,
    PaymentOutcomeUnknown,
    PaymentReleased,
    PaymentScheduled,
    PaymentSubmitted,
)
from services.payments.model.blocking import second_person
from services.payments.model.drafting import ALREADY_PAID, PARTLY_SETTLED
from services.payments.model.order import Payment
from services.payments.values import State
from shared.contracts.values import Fault
from shared.decider import Rejected

DIGEST_CHANGED = Fault("digest_changed", "digest")
MANDATE_REVOKED = Fault("mandate_revoked", "approvers")
MAY_SPEAK_FOR_THE_BANK = frozenset({"approver", "bookkeeper", "operations"})


def schedule(command: SchedulePayment, payment: Payment) -> Sequence[PaymentEvent]:
    if payment.state is State.SCHEDULED and payment.execute_on == command.execute_on:
        return []
    return [
        PaymentScheduled(
            execute_on=command.execute_on,
            planned_on=payment.plan.pay_on,
            release_at=command.release_at,
            calendar_version=command.calendar_version,
        )
    ]


def recheck(command: RecheckPayment, payment: Payment) -> Sequence[PaymentEvent]:
    fault = doubt(command, payment)
    return [] if fault is None else [PaymentHeld(fault)]


def doubt(command: RecheckPayment, payment: Payment) -> Fault | None:
    """The first reason not to send it today."""
    return _changed(command, payment) or next(iter(_standing(command, payment)), None)


def _changed(command: RecheckPayment, payment: Payment) -> Fault | None:
    """Whether it is not any more what was approved, by whom, or owed: nobody can overrule that."""
    if command.digest != payment.digest:
        return DIGEST_CHANGED
    # Where the policy asks nobody, it rests on who put it forward alone.
    mandated = (
        payment.approvers <= command.approvers if payment.approvers else command.asker_may_prepare
    )
    if not mandated:
        return MANDATE_REVOKED
    remaining = payment.invoice.remaining
    if remaining.minor <= 0:
        return ALREADY_PAID
    return PARTLY_SETTLED if payment.amount > remaining else None


def _standing(command: RecheckPayment, payment: Payment) -> Sequence[Fault]:
    """What came to light and nobody has answered: before, and at this look."""
    found = (*payment.concerns, *command.concerns)
    return [fault for fault in found if fault not in payment.cleared]


def release_hold(command: ReleaseHold, payment: Payment) -> Sequence[PaymentEvent]:
    """Let it go on when the cause is gone, or when somebody may take the responsibility for it.

    One cause at a time: for another one it is held again before it is sent.
    """
    assert payment.held is not None, "a held order has its reason"
    changed = _changed(command.recheck, payment)
    if changed is not None:
        raise Rejected(f"it would be held again: {changed.code}", code=changed.code)
    if payment.held in _standing(command.recheck, payment):
        second_person(payment.held, command.released_by, command.roles, payment)
        if command.text is None:
            raise Rejected("say why it may go on", code="text_missing", field="text")
    return [HoldReleased(payment.held, command.released_by, command.text)]


def release(command: ReleasePayment, payment: Payment) -> Sequence[PaymentEvent]:
    if command.digest != payment.digest:
        raise Rejected("these are not the bytes that were approved", code="digest_differs")
    return [
        PaymentReleased(
            batch_id=command.batch_id,
            release=payment.release + 1,
            end_to_end_id=command.end_to_end_id,
            debtor_fingerprint=command.debtor_fingerprint,
            digest=command.digest,
            in_transit=command.in_transit,
        )
    ]


def of_batch(batch_id: UUID, payment: Payment) -> None:
    """Refuse an answer to another message than the one that the order left in."""
    if payment.batch_id is not None and batch_id != payment.batch_id:
        raise Rejected("the answer is about another batch", code="another_batch")


def note_sent(command: NoteSent, payment: Payment) -> Sequence[PaymentEvent]:
    of_batch(command.batch_id, payment)
    submitted = PaymentSubmitted(command.batch_id, command.bytes_sha256, command.bank_payment_id)
    if payment.state is State.OUTCOME_UNKNOWN:
        return [OutcomeProved(received=True, proof="status"), submitted]
    return [submitted]


def note_not_sent(command: NoteNotSent, payment: Payment) -> Sequence[PaymentEvent]:
    of_batch(command.batch_id, payment)
    return [PaymentNotSent(command.batch_id)]


def note_outcome_unknown(command: NoteOutcomeUnknown, payment: Payment) -> Sequence[PaymentEvent]:
    of_batch(command.batch_id, payment)
    return [PaymentOutcomeUnknown(command.batch_id, command.at)]


def raise_alert(command: RaiseAlert, payment: Payment) -> Sequence[PaymentEvent]:
    if payment.alerted or payment.unknown_since is None or command.batch_id != payment.batch_id:
        return []
    return [OutcomeAlertRaised(payment.unknown_since)]


def report_bank_word(command: ReportBankWord, payment: Payment) -> Sequence[PaymentEvent]:
    """One person's word is noted; the second one's, if it is the same, proves it.

    The last word of each person counts. Two who contradict each other prove nothing.
    """
    if not command.roles & MAY_SPEAK_FOR_THE_BANK:
        raise Rejected("this takes a role at the client", code="role_missing")
    words = dict(payment.bank_words)
    if words.get(command.reported_by) is command.received:
        return []
    words[command.reported_by] = command.received
    agreed = [person for person, received in words.items() if received is command.received]
    reported: list[PaymentEvent] = [BankWordReported(command.received, command.reported_by)]
    if len(agreed) == 1 or len(agreed) < len(words):
        return reported
    reported.append(OutcomeProved(command.received, "bank_word", tuple(agreed)))
    if command.received:
        assert payment.batch_id is not None, "an order of unknown outcome left in a batch"
        reported.append(PaymentSubmitted(payment.batch_id, command.bytes_sha256))
    return reported
