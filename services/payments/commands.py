"""What can be asked of a payment order, in the order of its life.

`Note…` commands carry what others said or did; the rest are asked by a person or by our own clock.
Everything that a rule needs to know arrives in the command.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.payments.values import Invoice, Plan
from shared.contracts.values import Copy, Fault, Grant, PolicyTier
from shared.money import Money
from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class DraftPayment:
    """Make an order for an invoice's remainder; `reasons` are what stands in its way."""

    attempt: int
    invoice: Invoice
    plan: Plan
    reasons: tuple[Fault, ...] = ()
    prepared_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class NoteInvoice:
    """The ledger tells the invoice again, perhaps differently.

    `reasons` are all that stand in the way of it, `told` those of them that the ledger itself names.
    """

    invoice: Invoice
    plan: Plan
    reasons: tuple[Fault, ...] = ()
    told: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteCopy:
    """The ledger's document of the invoice is kept: people see it beside the payment."""

    copy_of: Copy


@dataclass(frozen=True, slots=True)
class NoteRemaining:
    """The ledger allocated something, or took an allocation back."""

    remaining: Money


@dataclass(frozen=True, slots=True)
class RaiseConcern:
    """Something came to light that a person must look at before this is paid."""

    reason: Fault


@dataclass(frozen=True, slots=True)
class LiftConcern:
    """What was of concern is gone by itself: every reason of this code and field."""

    code: str
    field: str


@dataclass(frozen=True, slots=True)
class ClearBlock:
    """A person takes the responsibility for one reason. `roles` are the person's, as learnt."""

    reason: Fault
    cleared_by: UUID
    roles: frozenset[str]
    text: Sealed | None


@dataclass(frozen=True, slots=True)
class RevisePayment:
    """Pay another amount, or on another day, as planned for it."""

    amount: Money
    plan: Plan
    revised_by: UUID


@dataclass(frozen=True, slots=True)
class AskApproval:
    """Put the order to the approvers with the digest that was computed over its opened values."""

    request_id: UUID
    digest: str
    asked_by: UUID
    asked_at: datetime
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteGrant:
    request_id: UUID
    approver_id: UUID
    revision: int
    still_needed: int


@dataclass(frozen=True, slots=True)
class ApprovePayment:
    """A message says that it was approved. Everything beside the message is our own knowledge.

    `signed` are the grants for this order whose signature holds under the pinned key; `digest` was recomputed over
    the opened values; `tiers` is the policy in force when the approval was asked for, None if none
    was learnt; `approvers` are the persons who may approve now.
    """

    request_id: UUID
    revision: int
    claimed_digest: str
    evidence: tuple[Grant, ...]
    signed: tuple[Grant, ...]
    digest: str
    policy_version: int | None
    tiers: tuple[PolicyTier, ...]
    approvers: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class NoteRejection:
    request_id: UUID
    revision: int
    rejected_by: UUID


@dataclass(frozen=True, slots=True)
class NoteExpiry:
    request_id: UUID


@dataclass(frozen=True, slots=True)
class SchedulePayment:
    """Give it its day: the planned one, or the first that the bank can."""

    execute_on: date
    release_at: datetime
    calendar_version: str


@dataclass(frozen=True, slots=True)
class WithdrawPayment:
    because: str
    withdrawn_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecheckPayment:
    """Look again just before release: is everything as it was when it was approved?

    `digest` is recomputed, `approvers` are who may approve now, `asker_may_prepare` whether who put
    it forward still may, `concerns` are what this look finds: open credit notes, an instruction that
    the bank cannot carry.
    """

    digest: str
    approvers: frozenset[UUID]
    concerns: tuple[Fault, ...] = ()
    asker_may_prepare: bool = True


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    """A person lets a held order go on."""

    released_by: UUID
    roles: frozenset[str]
    recheck: RecheckPayment
    text: Sealed | None = None


@dataclass(frozen=True, slots=True)
class ReleasePayment:
    """Seal it into a batch; `digest` is recomputed from the batch's bytes."""

    batch_id: UUID
    end_to_end_id: str
    debtor_fingerprint: str
    digest: str
    in_transit: bool


@dataclass(frozen=True, slots=True)
class NoteSent:
    batch_id: UUID
    bytes_sha256: str
    bank_payment_id: str


@dataclass(frozen=True, slots=True)
class NoteNotSent:
    batch_id: UUID


@dataclass(frozen=True, slots=True)
class NoteRefusal:
    """The bank refused the whole message."""

    batch_id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class NoteOutcomeUnknown:
    batch_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class RaiseAlert:
    batch_id: UUID


@dataclass(frozen=True, slots=True)
class ReportBankWord:
    """What the bank told a person about an order of unknown outcome."""

    received: bool
    reported_by: UUID
    roles: frozenset[str]
    bytes_sha256: str


@dataclass(frozen=True, slots=True)
class NoteBankStatus:
    """The bank's status of an order, an ISO 20022 code; a status is not cash."""

    batch_id: UUID
    status: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RequestCancel:
    requested_by: UUID


@dataclass(frozen=True, slots=True)
class NoteCancelRefused:
    batch_id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class NoteExecution:
    """A booked line shows the money gone; `reconciles` if the line agrees to the minor unit."""

    end_to_end_id: str
    debtor_fingerprint: str
    amount: Money
    executed_on: date
    bank_reference: str
    fee: Money | None = None
    pooled: bool = False
    reconciles: bool = True


@dataclass(frozen=True, slots=True)
class NoteFee:
    end_to_end_id: str
    debtor_fingerprint: str
    fee: Money
    taken_on: date
    bank_reference: str


@dataclass(frozen=True, slots=True)
class NoteReturn:
    end_to_end_id: str
    debtor_fingerprint: str
    amount: Money
    code: str
    returned_on: date
    bank_reference: str


@dataclass(frozen=True, slots=True)
class NoteMisfit:
    """A booked line names the order and does not fit it; `code` says why, `amount` is the line's."""

    code: str
    amount: Money
    booked_on: date
    bank_reference: str


@dataclass(frozen=True, slots=True)
class NoteVoucher:
    posting_id: UUID
    voucher: str
    posted_on: date


@dataclass(frozen=True, slots=True)
class NotePostingRefused:
    posting_id: UUID
    code: str


Command = (
    DraftPayment
    | NoteInvoice
    | NoteCopy
    | NoteRemaining
    | RaiseConcern
    | LiftConcern
    | ClearBlock
    | RevisePayment
    | AskApproval
    | NoteGrant
    | ApprovePayment
    | NoteRejection
    | NoteExpiry
    | SchedulePayment
    | WithdrawPayment
    | RecheckPayment
    | ReleaseHold
    | ReleasePayment
    | NoteSent
    | NoteNotSent
    | NoteRefusal
    | NoteOutcomeUnknown
    | RaiseAlert
    | ReportBankWord
    | NoteBankStatus
    | RequestCancel
    | NoteCancelRefused
    | NoteExecution
    | NoteFee
    | NoteReturn
    | NoteMisfit
    | NoteVoucher
    | NotePostingRefused
)
