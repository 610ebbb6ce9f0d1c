"""What others are told. A request's events stay in order together: they share its key."""

from __future__ import annotations

from collections.abc import Iterable

from services.approvals import events
from services.approvals.model.policy import Policy
from services.approvals.model.request import Request
from shared.after import After
from shared.contracts import approvals as told
from shared.eventstore.events import Recorded
from shared.stream.outbox import Telling

publications: After[Telling] = After()


@publications.after(events.PolicySet)
def after_policy_set(recorded: Recorded[events.PolicySet], _: Policy) -> Iterable[Telling]:
    yield told.ApprovalPolicyChanged(
        version=recorded.event.version,
        tiers=recorded.event.tiers,
        effective_at=recorded.event.effective_at,
    )


@publications.after(events.ApprovalRequested)
def after_approval_requested(
    recorded: Recorded[events.ApprovalRequested], _: Request
) -> Iterable[Telling]:
    requested = recorded.event
    asked = [item for item in requested.items if item.needed]
    if asked:
        yield told.ApprovalRequested(
            request_id=recorded.aggregate_id,
            approvers=requested.approvers,
            payments=tuple(item.payment_id for item in asked),
            sought_by=requested.sought_by,
            latest_approval_at=min(item.latest_approval_at for item in asked),
            links=requested.links,
        )


@publications.after(events.ApproverAsked)
def after_approver_asked(
    recorded: Recorded[events.ApproverAsked], request: Request
) -> Iterable[Telling]:
    items = [asked.item for asked in request.awaiting]
    yield told.ApprovalRequested(
        request_id=recorded.aggregate_id,
        approvers=(recorded.event.approver_id,),
        payments=tuple(item.payment_id for item in items),
        sought_by=request.sought_by,
        latest_approval_at=min(item.latest_approval_at for item in items),
        links=recorded.event.links,
    )


@publications.after(events.YesGiven)
def after_yes_given(recorded: Recorded[events.YesGiven], _: Request) -> Iterable[Telling]:
    yield told.ApprovalGranted(
        request_id=recorded.aggregate_id,
        grant=recorded.event.grant,
        still_needed=recorded.event.still_needed,
    )


@publications.after(events.PaymentApproved)
def after_payment_approved(
    recorded: Recorded[events.PaymentApproved], request: Request
) -> Iterable[Telling]:
    item = request.asked[recorded.event.payment_id].item
    yield told.PaymentApproved(
        request_id=recorded.aggregate_id,
        payment_id=item.payment_id,
        revision=item.revision,
        digest=item.digest,
        evidence=recorded.event.evidence,
    )


@publications.after(events.PaymentRejected)
def after_payment_rejected(
    recorded: Recorded[events.PaymentRejected], request: Request
) -> Iterable[Telling]:
    item = request.asked[recorded.event.payment_id].item
    yield told.PaymentRejected(
        request_id=recorded.aggregate_id,
        payment_id=item.payment_id,
        revision=item.revision,
        rejected_by=recorded.event.rejected_by,
        sought_by=request.sought_by,
        reason=recorded.event.reason,
    )


@publications.after(events.ApprovalReminded)
def after_approval_reminded(
    recorded: Recorded[events.ApprovalReminded], _: Request
) -> Iterable[Telling]:
    reminded = recorded.event
    yield told.ApprovalReminded(
        request_id=recorded.aggregate_id,
        approvers=reminded.approvers,
        payments=reminded.payments,
        latest_approval_at=reminded.latest_approval_at,
        links=reminded.links,
    )


@publications.after(events.ApprovalExpired)
def after_approval_expired(
    recorded: Recorded[events.ApprovalExpired], request: Request
) -> Iterable[Telling]:
    yield told.ApprovalExpired(
        request_id=recorded.aggregate_id,
        payments=recorded.event.payments,
        sought_by=request.sought_by,
    )
