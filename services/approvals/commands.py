"""What can be asked of this service's rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.approvals.events import Item
from shared.contracts.values import Grant, PolicyTier
from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class IntroduceClient:
    name: str
    country: str
    time_zone: str
    language: str


@dataclass(frozen=True, slots=True)
class IntroducePerson:
    user_id: UUID
    name: Sealed
    email: Sealed
    language: str


@dataclass(frozen=True, slots=True)
class GiveRole:
    user_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class TakeRole:
    user_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class DisablePerson:
    user_id: UUID


@dataclass(frozen=True, slots=True)
class BeginPolicy:
    """Give a client the policy that everybody begins with, unless it has one."""


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """`may_set` says whether the person administers this client."""

    tiers: tuple[PolicyTier, ...]
    effective_at: datetime
    set_by: UUID
    may_set: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class OutdatePayment:
    payment_id: UUID
    least_revision: int


@dataclass(frozen=True, slots=True)
class FollowPayment:
    payment_id: UUID
    state: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class RequestApproval:
    """`outdated` are payments that have been revised or cancelled before the request arrived.

    `by_policy` holds the signed evidence for the items that need nobody's yes.
    """

    items: tuple[Item, ...]
    sought_by: UUID
    sought_at: datetime
    policy_version: int
    calendar_version: str
    approvers: tuple[UUID, ...]
    links: tuple[Sealed, ...]
    outdated: frozenset[UUID]
    by_policy: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class AskAlso:
    approver_id: UUID
    links: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class SayYes:
    """A signed yes over the digest that the approver saw; `may_approve` is the person's role now."""

    grant: Grant
    may_approve: bool


@dataclass(frozen=True, slots=True)
class SayNo:
    payment_id: UUID
    person_id: UUID
    reason: Sealed
    may_approve: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class LapseYes:
    approver_id: UUID


@dataclass(frozen=True, slots=True)
class VoidItem:
    payment_id: UUID
    because: str


@dataclass(frozen=True, slots=True)
class Remind:
    """Remind of the items that are due to be approved by `latest_approval_at`."""

    latest_approval_at: datetime
    approvers: tuple[UUID, ...]
    links: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class Expire:
    at: datetime


ClientCommand = IntroduceClient | IntroducePerson | GiveRole | TakeRole | DisablePerson
PolicyCommand = BeginPolicy | SetPolicy
PaymentCommand = OutdatePayment | FollowPayment
RequestCommand = RequestApproval | AskAlso | SayYes | SayNo | LapseYes | VoidItem | Remind | Expire
