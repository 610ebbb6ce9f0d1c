"""Values that several contracts carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class SealedAccount:
    """Where a payee wants the money, without saying it.

    `kind` is a `shared.references.InstructionKind`; equal `fingerprint` means the same account,
    equal `reference_fingerprint` the same payment reference (both keyed per tenant); `last4` are
    the account's last four characters; `sealed` opens as the whole instruction in JSON.
    """

    kind: str
    fingerprint: str
    last4: str
    sealed: Sealed
    reference_fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that keeps an invoice from being paid as it stands.

    `code` is stable (`reference_check_digit`), `field` names what is at fault, `expected` what
    would be right where that can be computed.
    """

    code: str
    field: str
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """A kept document: whoever fetches it by its hash verifies the hash."""

    sha256: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class SealedReference:
    """A number by which a debtor knows an invoice: `kind` is case, registration, order or contact."""

    kind: str
    value: Sealed


@dataclass(frozen=True, slots=True)
class Grant:
    """One yes, signed by the approvals service (Ed25519) over what `shared.evidence` spells out."""

    payment_id: UUID
    revision: int
    digest: str
    approver_id: UUID
    granted_at: datetime
    method: str
    policy_version: int
    key_id: str
    signature: str


@dataclass(frozen=True, slots=True)
class PolicyTier:
    """Payments of more than `above_minor` (minor units of `currency`) need this many approvers."""

    currency: str
    above_minor: int
    approvers: int


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What one sync run saw and what it told of."""

    pages: int
    entries: int
    told: int
