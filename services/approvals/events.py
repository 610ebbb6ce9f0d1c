"""What can have happened here: to a client and its people, its policy, a payment, a request."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from shared.contracts.values import Copy, Grant, PolicyTier, SealedAccount
from shared.eventstore.events import Event
from shared.money import Money
from shared.sealed import Sealed


class ClientIntroduced(Event, frozen=True, tag="approvals.ClientIntroduced.v1"):
    name: str
    country: str
    time_zone: str
    language: str


class PersonIntroduced(Event, frozen=True, tag="approvals.PersonIntroduced.v1"):
    user_id: UUID
    name: Sealed
    email: Sealed
    language: str


class RoleGiven(Event, frozen=True, tag="approvals.RoleGiven.v1"):
    user_id: UUID
    role: str


class RoleTaken(Event, frozen=True, tag="approvals.RoleTaken.v1"):
    user_id: UUID
    role: str


class PersonDisabled(Event, frozen=True, tag="approvals.PersonDisabled.v1"):
    user_id: UUID


class PolicySet(Event, frozen=True, tag="approvals.PolicySet.v1"):
    """`set_by` is None for the policy that every client begins with."""

    version: int
    tiers: tuple[PolicyTier, ...]
    effective_at: datetime
    set_by: UUID | None = None


class PaymentOutdated(Event, frozen=True, tag="approvals.PaymentOutdated.v1"):
    """Only this revision of the payment, or a later one, may still be approved."""

    payment_id: UUID
    least_revision: int


class PaymentFollowed(Event, frozen=True, tag="approvals.PaymentFollowed.v1"):
    """What became of it: scheduled, held, cancelled, executed, failed or returned."""

    payment_id: UUID
    state: str
    code: str | None = None


class Item(msgspec.Struct, frozen=True):
    """One payment as it is put to the approvers, and what the policy asks for it.

    `digest` is what payments computed over exactly these values, opened. `needed` is how many must
    say yes; `expires_at` the instant from which nobody can any more.
    """

    payment_id: UUID
    revision: int
    digest: str
    amount: Money
    payee_id: UUID
    payee_name: Sealed
    account: SealedAccount
    invoice_id: UUID
    invoice_number: str
    due_on: date
    pay_on: date
    latest_approval_at: datetime
    needed: int
    remind_at: tuple[datetime, ...]
    expires_at: datetime
    warnings: tuple[str, ...] = ()
    copy_of: Copy | None = None


class ApprovalRequested(Event, frozen=True, tag="approvals.ApprovalRequested.v1"):
    """`links` lead the approvers to the request; each is sealed for the approver it is meant for."""

    items: tuple[Item, ...]
    sought_by: UUID
    sought_at: datetime
    policy_version: int
    calendar_version: str
    approvers: tuple[UUID, ...]
    links: tuple[Sealed, ...] = ()


class ApproverAsked(Event, frozen=True, tag="approvals.ApproverAsked.v1"):
    """Somebody who became an approver while the request was open."""

    approver_id: UUID
    links: tuple[Sealed, ...] = ()


class YesGiven(Event, frozen=True, tag="approvals.YesGiven.v1"):
    grant: Grant
    still_needed: int


class YesLapsed(Event, frozen=True, tag="approvals.YesLapsed.v1"):
    """Whoever said it may not approve any more."""

    payment_id: UUID
    approver_id: UUID


class AnswerRefused(Event, frozen=True, tag="approvals.AnswerRefused.v1"):
    """A yes or no that does not count. Kept, since who tried is part of the audit trail."""

    payment_id: UUID
    person_id: UUID
    answer: str
    code: str


class PaymentApproved(Event, frozen=True, tag="approvals.PaymentApproved.v1"):
    payment_id: UUID
    evidence: tuple[Grant, ...]


class PaymentRejected(Event, frozen=True, tag="approvals.PaymentRejected.v1"):
    payment_id: UUID
    rejected_by: UUID
    reason: Sealed


class ItemVoided(Event, frozen=True, tag="approvals.ItemVoided.v1"):
    """The payment is not any more what was asked about; every yes to it is void."""

    payment_id: UUID
    because: str


class ApprovalReminded(Event, frozen=True, tag="approvals.ApprovalReminded.v1"):
    payments: tuple[UUID, ...]
    approvers: tuple[UUID, ...]
    latest_approval_at: datetime
    links: tuple[Sealed, ...] = ()


class ApprovalExpired(Event, frozen=True, tag="approvals.ApprovalExpired.v1"):
    payments: tuple[UUID, ...]


ClientEvent = ClientIntroduced | PersonIntroduced | RoleGiven | RoleTaken | PersonDisabled
PaymentEvent = PaymentOutdated | PaymentFollowed
RequestEvent = (
    ApprovalRequested
    | ApproverAsked
    | YesGiven
    | YesLapsed
    | AnswerRefused
    | PaymentApproved
    | PaymentRejected
    | ItemVoided
    | ApprovalReminded
    | ApprovalExpired
)
ApprovalsEvent = ClientEvent | PolicySet | PaymentEvent | RequestEvent
