"""IN: others' events become own facts about people and clients, or messages to somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.notifications import queries
from services.notifications.acts.devices import push_beside
from services.notifications.commands import (
    DisablePerson,
    IntendDelivery,
    IntroduceClient,
    IntroducePerson,
    LoseRole,
    TakeRole,
)
from services.notifications.model.client import CLIENT
from services.notifications.model.delivery import DELIVERY, delivery_id
from services.notifications.model.pace import pace_of
from services.notifications.model.person import PERSON, person_stream
from services.notifications.values import Notice, OccasionName
from shared.contracts.approvals import (
    ApprovalExpired,
    ApprovalReminded,
    ApprovalRequested,
    PaymentRejected,
)
from shared.contracts.payments import PaymentFailed, PaymentOutcomeUnknown, PaymentReturned
from shared.contracts.tenants import (
    ClientAttached,
    RoleGranted,
    RoleRevoked,
    UserDisabled,
    UserInvited,
)
from shared.sealed import Sealed
from shared.stream.subscriptions import Subscriptions
from shared.work import Work

subscriptions = Subscriptions("notifications")


@subscriptions.on(ClientAttached)
def on_client_attached(event: ClientAttached, work: Work) -> None:
    work.execute(CLIENT, event.client_id, IntroduceClient(event.name, event.time_zone))


@subscriptions.on(UserInvited)
def on_user_invited(event: UserInvited, work: Work) -> None:
    command = IntroducePerson(event.user_id, event.name, event.email, event.language)
    work.execute(PERSON, person_stream(work.tenant_id, event.user_id), command)


@subscriptions.on(RoleGranted)
def on_role_granted(event: RoleGranted, work: Work) -> None:
    stream = person_stream(work.tenant_id, event.user_id)
    work.execute(PERSON, stream, TakeRole(event.user_id, event.role))


@subscriptions.on(RoleRevoked)
def on_role_revoked(event: RoleRevoked, work: Work) -> None:
    stream = person_stream(work.tenant_id, event.user_id)
    work.execute(PERSON, stream, LoseRole(event.user_id, event.role))


@subscriptions.on(UserDisabled)
def on_user_disabled(event: UserDisabled, work: Work) -> None:
    stream = person_stream(work.tenant_id, event.user_id)
    work.execute(PERSON, stream, DisablePerson(event.user_id))


@subscriptions.on(ApprovalRequested)
def on_approval_requested(event: ApprovalRequested, work: Work) -> None:
    """The approvers are asked for their yes."""
    ask(
        OccasionName.APPROVAL_REQUESTED,
        event,
        asked_by=event.sought_by,
        work=work,
    )


@subscriptions.on(ApprovalReminded)
def on_approval_reminded(event: ApprovalReminded, work: Work) -> None:
    """The approvers are asked again."""
    asked_by = queries.asker_of(work.sql, work.tenant_id, event.request_id)
    ask(OccasionName.APPROVAL_REMINDER, event, asked_by=asked_by, work=work)


@subscriptions.on(ApprovalExpired)
def on_approval_expired(event: ApprovalExpired, work: Work) -> None:
    """Whoever sought the approval learns that nobody answered."""
    tell(
        [event.sought_by],
        OccasionName.APPROVAL_EXPIRED,
        event.request_id,
        event.payments,
        work,
        at=work.now,
    )


@subscriptions.on(PaymentRejected)
def on_payment_rejected(event: PaymentRejected, work: Work) -> None:
    """Whoever sought the approval learns who said no; the reason stays behind the link."""
    tell(
        [event.sought_by],
        OccasionName.PAYMENTS_REJECTED,
        event.payment_id,
        (event.payment_id,),
        work,
        person_id=event.rejected_by,
    )


@subscriptions.on(PaymentFailed)
def on_payment_failed(event: PaymentFailed, work: Work) -> None:
    tell_keepers(OccasionName.PAYMENTS_FAILED, event.payment_id, work)


@subscriptions.on(PaymentOutcomeUnknown)
def on_payment_outcome_unknown(event: PaymentOutcomeUnknown, work: Work) -> None:
    tell_keepers(OccasionName.PAYMENTS_UNKNOWN, event.payment_id, work)


@subscriptions.on(PaymentReturned)
def on_payment_returned(event: PaymentReturned, work: Work) -> None:
    tell_keepers(OccasionName.PAYMENTS_RETURNED, event.payment_id, work)


def tell_keepers(occasion: OccasionName, payment_id: UUID, work: Work) -> None:
    keepers = queries.keepers(work.sql, work.tenant_id)
    tell(keepers, occasion, payment_id, (payment_id,), work)


def ask(
    occasion: OccasionName,
    event: ApprovalRequested | ApprovalReminded,
    *,
    asked_by: UUID | None,
    work: Work,
) -> None:
    tell(
        event.approvers,
        occasion,
        event.request_id,
        event.payments,
        work,
        person_id=asked_by,
        at=event.latest_approval_at,
        links={link.subject: link for link in event.links},
    )


def tell(
    recipients: Iterable[UUID],
    occasion: OccasionName,
    subject_id: UUID,
    payments: tuple[UUID, ...],
    work: Work,
    *,
    person_id: UUID | None = None,
    at: datetime | None = None,
    links: dict[UUID, Sealed] | None = None,
) -> None:
    """One mail to each, known by the event that caused it, and a push to each of their devices."""
    event_id = work.cause.causation_id
    assert event_id is not None, "a message has an event id"
    if not payments:
        return
    since = pace_of(occasion).since(work.now)
    for recipient_id in sorted(set(recipients)):
        notice = Notice(
            recipient_id=recipient_id,
            occasion=occasion,
            subject_id=subject_id,
            payments=payments,
            person_id=person_id,
            at=at,
            link=(links or {}).get(recipient_id),
        )
        lately = queries.mails_since(work.sql, work.tenant_id, recipient_id, occasion, since)
        command = IntendDelivery(notice, lately, work.now)
        mail_id = delivery_id(event_id, recipient_id)
        push_beside(work, mail_id, work.execute(DELIVERY, mail_id, command))
