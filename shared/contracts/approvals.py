"""What approvals tells: who must say yes, and who has."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.contracts.base import Contract
from shared.contracts.values import Grant, PolicyTier
from shared.sealed import Sealed


class ApprovalPolicyChanged(Contract, publisher="approvals", aggregate="policy"):
    """How many must say yes, by amount, from this version on."""

    version: int
    tiers: tuple[PolicyTier, ...]
    effective_at: datetime


class ApprovalRequested(Contract, publisher="approvals", aggregate="approval"):
    """These people are asked for a yes to these payments, by the latest possible hour.

    Told again for a person who becomes an approver later. Each of `links` is sealed for the person
    whose id is its subject and opens as the path (`/approvals/...`) that this person's mail leads
    to. It works for that person only, after signing in, and for 72 hours; without one for a person,
    the mail leads to the list.
    """

    request_id: UUID
    approvers: tuple[UUID, ...]
    payments: tuple[UUID, ...]
    sought_by: UUID
    latest_approval_at: datetime
    links: tuple[Sealed, ...] = ()


class ApprovalReminded(Contract, publisher="approvals", aggregate="approval"):
    """The same people are asked again, with new `links`."""

    request_id: UUID
    approvers: tuple[UUID, ...]
    payments: tuple[UUID, ...]
    latest_approval_at: datetime
    links: tuple[Sealed, ...] = ()


class ApprovalExpired(Contract, publisher="approvals", aggregate="approval"):
    """Nobody, or not enough, said yes in time: back to whoever asked."""

    request_id: UUID
    payments: tuple[UUID, ...]
    sought_by: UUID


class ApprovalGranted(Contract, publisher="approvals", aggregate="approval"):
    """One yes; `still_needed` says how many more."""

    request_id: UUID
    grant: Grant
    still_needed: int


class PaymentApproved(Contract, publisher="approvals", aggregate="approval"):
    """Enough have said yes: the signed evidence of each.

    Where the policy asks nobody, the evidence is one signed grant by `shared.evidence.NOBODY` with
    the method `shared.evidence.BY_POLICY`, which counts as no person's yes.
    """

    request_id: UUID
    payment_id: UUID
    revision: int
    digest: str
    evidence: tuple[Grant, ...]


class PaymentRejected(Contract, publisher="approvals", aggregate="approval"):
    """A no, with its reason sealed under whoever said it."""

    request_id: UUID
    payment_id: UUID
    revision: int
    rejected_by: UUID
    sought_by: UUID
    reason: Sealed | None = None
