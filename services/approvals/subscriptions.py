"""Others' events: payments asks and follows, tenants tells who is there and may do what."""

from __future__ import annotations

from uuid import UUID

from services.approvals import queries
from services.approvals.acts import asking
from services.approvals.acts.asking import Asking
from services.approvals.commands import (
    BeginPolicy,
    DisablePerson,
    FollowPayment,
    GiveRole,
    IntroduceClient,
    IntroducePerson,
    LapseYes,
    OutdatePayment,
    TakeRole,
)
from services.approvals.model.client import APPROVER, CLIENT, client_id
from services.approvals.model.payment import PAYMENT, stream_of
from services.approvals.model.policy import POLICY, policy_id
from services.approvals.model.request import REQUEST
from services.approvals.registers import links
from shared.contracts.payments import (
    ApprovalSought,
    PaymentCancelled,
    PaymentExecuted,
    PaymentFailed,
    PaymentHeld,
    PaymentReturned,
    PaymentRevised,
    PaymentScheduled,
)
from shared.contracts.tenants import (
    ClientAttached,
    RoleGranted,
    RoleRevoked,
    UserDisabled,
    UserInvited,
)
from shared.stream.subscriptions import Subscriptions
from shared.work import Work


def subscriptions_of(desk: Asking) -> Subscriptions:
    """All that approvals listens to. Asking needs the desk, the rest only the message."""
    subscriptions = Subscriptions("approvals")

    # People first: the feed asks publishers in the order of their handlers.
    @subscriptions.on(RoleGranted)
    def on_role_granted(event: RoleGranted, work: Work) -> None:
        given = work.execute(CLIENT, client_id(work.tenant_id), GiveRole(event.user_id, event.role))
        if given and asking.client_of(work).may_approve(event.user_id):
            for request_id in queries.open_requests(work.sql, work.tenant_id):
                desk.ask_also(work, request_id, event.user_id)

    @subscriptions.on(ApprovalSought)
    def on_approval_sought(event: ApprovalSought, work: Work) -> None:
        for order in event.orders:
            # Asked once more, it is answered there; the earlier request is closed to it.
            _void(work, order.payment_id, up_to=order.revision, because="sought_again")
        desk.request(work, event.request_id, event.orders, event.sought_by, event.sought_at)

    subscriptions.on(RoleRevoked)(on_role_revoked)
    subscriptions.on(UserDisabled)(on_user_disabled)
    subscriptions.on(ClientAttached)(on_client_attached)
    subscriptions.on(UserInvited)(on_user_invited)
    subscriptions.on(PaymentRevised)(on_payment_revised)
    subscriptions.on(PaymentCancelled)(on_payment_cancelled)
    subscriptions.on(PaymentScheduled)(on_payment_scheduled)
    subscriptions.on(PaymentHeld)(on_payment_held)
    subscriptions.on(PaymentExecuted)(on_payment_executed)
    subscriptions.on(PaymentFailed)(on_payment_failed)
    subscriptions.on(PaymentReturned)(on_payment_returned)
    return subscriptions


def on_client_attached(event: ClientAttached, work: Work) -> None:
    command = IntroduceClient(event.name, event.country, event.time_zone, event.language)
    work.execute(CLIENT, client_id(work.tenant_id), command)
    work.execute(POLICY, policy_id(work.tenant_id), BeginPolicy())


def on_user_invited(event: UserInvited, work: Work) -> None:
    command = IntroducePerson(event.user_id, event.name, event.email, event.language)
    work.execute(CLIENT, client_id(work.tenant_id), command)


def on_role_revoked(event: RoleRevoked, work: Work) -> None:
    work.execute(CLIENT, client_id(work.tenant_id), TakeRole(event.user_id, event.role))
    if event.role == APPROVER:
        _end_approver(work, event.user_id)


def on_user_disabled(event: UserDisabled, work: Work) -> None:
    work.execute(CLIENT, client_id(work.tenant_id), DisablePerson(event.user_id))
    _end_approver(work, event.user_id)


def on_payment_revised(event: PaymentRevised, work: Work) -> None:
    _outdate(work, event.payment_id, event.revision, "revised")


def on_payment_cancelled(event: PaymentCancelled, work: Work) -> None:
    _follow(work, event.payment_id, "cancelled", event.because)
    _outdate(work, event.payment_id, event.revision + 1, "cancelled")


def on_payment_scheduled(event: PaymentScheduled, work: Work) -> None:
    _follow(work, event.payment_id, "scheduled")


def on_payment_held(event: PaymentHeld, work: Work) -> None:
    _follow(work, event.payment_id, "held", event.reason)


def on_payment_executed(event: PaymentExecuted, work: Work) -> None:
    _follow(work, event.payment_id, "executed")


def on_payment_failed(event: PaymentFailed, work: Work) -> None:
    _follow(work, event.payment_id, "failed", event.code)


def on_payment_returned(event: PaymentReturned, work: Work) -> None:
    _follow(work, event.payment_id, "returned", event.code)


def _follow(work: Work, payment_id: UUID, state: str, code: str | None = None) -> None:
    stream = stream_of(work.tenant_id, payment_id)
    work.execute(PAYMENT, stream, FollowPayment(payment_id, state, code))


def _outdate(work: Work, payment_id: UUID, least_revision: int, because: str) -> None:
    """What was asked about is not any more what would be paid."""
    stream = stream_of(work.tenant_id, payment_id)
    work.execute(PAYMENT, stream, OutdatePayment(payment_id, least_revision))
    _void(work, payment_id, up_to=least_revision - 1, because=because)


def _void(work: Work, payment_id: UUID, *, up_to: int, because: str) -> None:
    for request_id in queries.requests_awaiting(work.sql, work.tenant_id, payment_id, up_to):
        asking.void(work, request_id, payment_id, because)


def _end_approver(work: Work, user_id: UUID) -> None:
    """A person who may not approve any more: open yeses lapse, and mailed links die."""
    for request_id in queries.requests_with_yes_of(work.sql, work.tenant_id, user_id):
        work.execute(REQUEST, request_id, LapseYes(user_id))
    links.end_approver(work, user_id)
