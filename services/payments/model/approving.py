"""A yes is asked for, and believed only as far as it can be verified here."""

from __future__ import annotations

from collections.abc import Sequence

from services.payments.commands import (
    ApprovePayment,
    AskApproval,
    NoteExpiry,
    NoteGrant,
    NoteRejection,
)
from services.payments.events.order import (
    ApprovalAsked,
    ApprovalEvidenceRefused,
    ApprovalExpired,
    GrantNoted,
    PaymentApproved,
    PaymentEvent,
    PaymentRejected,
)
from services.payments.model.concerns import draft_again
from services.payments.model.order import Payment
from services.payments.values import State
from shared.contracts.values import Grant
from shared.decider import Rejected
from shared.evidence import NOBODY, approvers_needed


def ask(command: AskApproval, payment: Payment) -> Sequence[PaymentEvent]:
    if payment.invoice.account is None:
        raise Rejected("there is no account to pay to", code="missing_details", field="account")
    if command.asked_by in payment.cleared_by:
        # Nobody was the first person yet when the reason was cleared; otherwise one could be both.
        raise Rejected("whoever cleared a reason does not put it forward", code="cleared_it")
    return [
        ApprovalAsked(
            command.request_id, command.digest, command.asked_by, command.asked_at, command.warnings
        )
    ]


def note_grant(command: NoteGrant, payment: Payment) -> Sequence[PaymentEvent]:
    if command.request_id != payment.request_id or command.revision != payment.revision:
        return []
    return [GrantNoted(command.request_id, command.approver_id, command.still_needed)]


def approve(command: ApprovePayment, payment: Payment) -> Sequence[PaymentEvent]:
    """Approved if every doubt is answered; otherwise the doubt is recorded and nothing changes."""
    if payment.state is not State.AWAITING_APPROVAL:
        return [] if _is_repeat(command, payment) else [_refused(command, "not_awaiting")]
    doubt = _doubt(command, payment)
    if doubt is not None:
        return [_refused(command, doubt)]
    return [
        PaymentApproved(
            command.request_id, command.digest, command.policy_version or 0, command.evidence
        )
    ]


def _is_repeat(command: ApprovePayment, payment: Payment) -> bool:
    told = (command.request_id, command.revision, command.claimed_digest)
    return told == (payment.request_id, payment.revision, payment.digest)


def _refused(command: ApprovePayment, code: str) -> ApprovalEvidenceRefused:
    return ApprovalEvidenceRefused(command.request_id, code)


def _doubt(command: ApprovePayment, payment: Payment) -> str | None:
    """The first reason not to believe it, as a code."""
    if command.request_id != payment.request_id:
        return "another_request"
    if command.revision != payment.revision:
        return "another_revision"
    if not command.digest == payment.digest == command.claimed_digest:
        return "digest_differs"
    if not command.evidence or command.signed != command.evidence:
        return "signature_invalid"
    if any(
        (grant.revision, grant.digest) != (payment.revision, payment.digest)
        for grant in command.evidence
    ):
        return "grant_for_another"
    if any(_is_from_before(grant, payment) for grant in command.evidence):
        return "grant_from_before"
    if command.policy_version is None:
        return "policy_unknown"
    people = {grant.approver_id for grant in command.evidence} - {NOBODY}
    if not people <= command.approvers:
        return "role_missing"
    others = people - {payment.asked_by}
    if len(others) < approvers_needed(command.tiers, payment.amount):
        return "self_approval" if payment.asked_by in people else "too_few"
    return None


def _is_from_before(grant: Grant, payment: Payment) -> bool:
    """A yes to an earlier request about the very same, which ran out: it is not a yes to this one."""
    assert payment.asked_at is not None, "what awaits approval was asked for"
    return grant.approver_id != NOBODY and grant.granted_at < payment.asked_at


def note_rejection(command: NoteRejection, payment: Payment) -> Sequence[PaymentEvent]:
    if (command.request_id, command.revision) != (payment.request_id, payment.revision):
        return []
    rejected = PaymentRejected(command.request_id, payment.revision + 1, command.rejected_by)
    return draft_again(rejected, payment)


def note_expiry(command: NoteExpiry, payment: Payment) -> Sequence[PaymentEvent]:
    if command.request_id != payment.request_id:
        return []
    return draft_again(ApprovalExpired(command.request_id), payment)
