"""What can have happened to a payment order, in the order of its life.

The events of everything else that this service keeps stand in `beside.py`.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from services.payments.values import Invoice, Plan, State
from shared.contracts.values import Copy, Fault, Grant
from shared.eventstore.events import Event
from shared.money import Money
from shared.sealed import Sealed


class PaymentDrafted(Event, frozen=True, tag="payments.PaymentDrafted.v1"):
    """An order for what remains of a booked invoice. `prepared_by` is None when nobody asked for it."""

    attempt: int
    invoice: Invoice
    amount: Money
    plan: Plan
    prepared_by: UUID | None = None


class PaymentReady(Event, frozen=True, tag="payments.PaymentReady.v1"):
    """Nothing stands in the way of asking for approval."""


class PaymentBlocked(Event, frozen=True, tag="payments.PaymentBlocked.v1"):
    """These reasons came, beside those that may already be there."""

    reasons: tuple[Fault, ...]


class BlockCleared(Event, frozen=True, tag="payments.BlockCleared.v1"):
    """A second person took the responsibility for one reason, in a text that is kept sealed."""

    reason: Fault
    cleared_by: UUID
    text: Sealed


class BlockLifted(Event, frozen=True, tag="payments.BlockLifted.v1"):
    """The reason is gone by itself."""

    reason: Fault


class InvoiceRevised(Event, frozen=True, tag="payments.InvoiceRevised.v1"):
    """The ledger says something else of the invoice: the order is drafted anew."""

    revision: int
    invoice: Invoice
    amount: Money
    plan: Plan
    reasons: tuple[Fault, ...]


class InvoiceRetold(Event, frozen=True, tag="payments.InvoiceRetold.v1"):
    """The ledger says something else of an invoice whose order has left, or is over: that order stays
    what it was, and a new one would begin from here.
    """

    invoice: Invoice
    reasons: tuple[Fault, ...]


class InvoiceCopyNoted(Event, frozen=True, tag="payments.InvoiceCopyNoted.v1"):
    """The invoice's document can be seen beside the payment. It is not part of what is approved."""

    copy_of: Copy


class ConcernNoted(Event, frozen=True, tag="payments.ConcernNoted.v1"):
    """Something came to light after approval was sought. It stands, whatever else happens to the
    order, until it goes away by itself or a second person answers it.
    """

    reason: Fault


class RemainingChanged(Event, frozen=True, tag="payments.RemainingChanged.v1"):
    """What the ledger says is still owed."""

    remaining: Money


class PaymentRevised(Event, frozen=True, tag="payments.PaymentRevised.v1"):
    """Amount or day changed: every yes to an earlier revision is void."""

    revision: int
    amount: Money
    plan: Plan
    because: str
    revised_by: UUID | None = None


class ApprovalAsked(Event, frozen=True, tag="payments.ApprovalAsked.v1"):
    """Put to the approvers with this digest, as part of a request."""

    request_id: UUID
    digest: str
    asked_by: UUID
    asked_at: datetime
    warnings: tuple[str, ...] = ()


class GrantNoted(Event, frozen=True, tag="payments.GrantNoted.v1"):
    """One yes was told of; what counts is the signed evidence at the end."""

    request_id: UUID
    approver_id: UUID
    still_needed: int


class ApprovalEvidenceRefused(Event, frozen=True, tag="payments.ApprovalEvidenceRefused.v1"):
    """A message said that the order was approved, and its evidence did not bear it."""

    request_id: UUID
    code: str


class PaymentApproved(Event, frozen=True, tag="payments.PaymentApproved.v1"):
    """The evidence was verified here: signatures, persons, their roles, their number, the digest."""

    request_id: UUID
    digest: str
    policy_version: int
    evidence: tuple[Grant, ...]


class PaymentRejected(Event, frozen=True, tag="payments.PaymentRejected.v1"):
    """An approver said no."""

    request_id: UUID
    revision: int
    rejected_by: UUID


class ApprovalExpired(Event, frozen=True, tag="payments.ApprovalExpired.v1"):
    request_id: UUID


class PaymentScheduled(Event, frozen=True, tag="payments.PaymentScheduled.v1"):
    """It goes to the bank at `release_at` for execution on a day; later than planned if approved late."""

    execute_on: date
    planned_on: date
    release_at: datetime
    calendar_version: str


class PaymentHeld(Event, frozen=True, tag="payments.PaymentHeld.v1"):
    """Approved, and yet it waits for a person."""

    reason: Fault


class HoldReleased(Event, frozen=True, tag="payments.HoldReleased.v1"):
    """A person let it go on, in a text where the cause still stands; a new day follows."""

    reason: Fault
    released_by: UUID
    text: Sealed | None = None


class PaymentWithdrawn(Event, frozen=True, tag="payments.PaymentWithdrawn.v1"):
    """Taken back before it left."""

    because: str
    withdrawn_by: UUID | None = None


class PaymentReleased(Event, frozen=True, tag="payments.PaymentReleased.v1"):
    """Part of a sealed batch. `digest` was recomputed from the sealed bytes."""

    batch_id: UUID
    release: int
    end_to_end_id: str
    debtor_fingerprint: str
    digest: str
    in_transit: bool


class PaymentNotSent(Event, frozen=True, tag="payments.PaymentNotSent.v1"):
    """Not a byte of the batch left: it may go with another."""

    batch_id: UUID


class PaymentSubmitted(Event, frozen=True, tag="payments.PaymentSubmitted.v1"):
    """The bank has it. `bank_payment_id` is None while only a person or the statement says so."""

    batch_id: UUID
    bytes_sha256: str
    bank_payment_id: str | None = None


class PaymentOutcomeUnknown(Event, frozen=True, tag="payments.PaymentOutcomeUnknown.v1"):
    """It may have left. It is frozen until that is known."""

    batch_id: UUID
    since_at: datetime


class OutcomeAlertRaised(Event, frozen=True, tag="payments.OutcomeAlertRaised.v1"):
    """Still unknown after two hours: people must ask the bank."""

    since_at: datetime


class BankWordReported(Event, frozen=True, tag="payments.BankWordReported.v1"):
    """A person has the bank's word on whether it came; a second one must have it too."""

    received: bool
    reported_by: UUID


class OutcomeProved(Event, frozen=True, tag="payments.OutcomeProved.v1"):
    """Known at last. `proof` is status, statement or bank_word."""

    received: bool
    proof: str
    reported_by: tuple[UUID, ...] = ()


class PaymentAccepted(Event, frozen=True, tag="payments.PaymentAccepted.v1"):
    """The bank will execute it; `status` is the ISO 20022 code, ACWC if it moved the day."""

    status: str


class PaymentAwaitsFunds(Event, frozen=True, tag="payments.PaymentAwaitsFunds.v1"):
    status: str


class PaymentRefusedByBank(Event, frozen=True, tag="payments.PaymentRefusedByBank.v1"):
    """A final no; `code` is an ISO 20022 reason or the bank's own."""

    code: str


class CancelRequested(Event, frozen=True, tag="payments.CancelRequested.v1"):
    """The bank is asked; the payment may still be executed."""

    batch_id: UUID
    requested_by: UUID


class CancelConfirmed(Event, frozen=True, tag="payments.CancelConfirmed.v1"):
    pass


class CancelRefused(Event, frozen=True, tag="payments.CancelRefused.v1"):
    back_to: State
    code: str


class PaymentExecuted(Event, frozen=True, tag="payments.PaymentExecuted.v1"):
    """A booked line of the account shows the money gone; `pooled` if others went with it."""

    amount: Money
    executed_on: date
    bank_reference: str
    fee: Money | None = None
    pooled: bool = False


class PaymentFeeTaken(Event, frozen=True, tag="payments.PaymentFeeTaken.v1"):
    """The bank took its fee apart from the payment."""

    fee: Money
    taken_on: date
    bank_reference: str


class PaymentReconciled(Event, frozen=True, tag="payments.PaymentReconciled.v1"):
    """The booked line agrees to the last minor unit, alone or with its pool."""

    bank_reference: str
    reconciled_on: date
    pooled: bool


class PaymentReturned(Event, frozen=True, tag="payments.PaymentReturned.v1"):
    """The money came back, perhaps less of it."""

    amount: Money
    code: str
    returned_on: date
    bank_reference: str


class MisfitNoted(Event, frozen=True, tag="payments.MisfitNoted.v1"):
    """A booked line names this order and does not fit it, such as a second debit: people must look.

    Nothing is bookkept of it, save what the bank did take for this order, over whatever amount.
    """

    code: str
    amount: Money
    booked_on: date
    bank_reference: str


class PaymentBookkept(Event, frozen=True, tag="payments.PaymentBookkept.v1"):
    """The ledger has the voucher."""

    posting_id: UUID
    voucher: str
    posted_on: date


class PostingRefused(Event, frozen=True, tag="payments.PostingRefused.v1"):
    posting_id: UUID
    code: str


PaymentEvent = (
    PaymentDrafted
    | PaymentReady
    | PaymentBlocked
    | BlockCleared
    | BlockLifted
    | InvoiceRevised
    | InvoiceRetold
    | InvoiceCopyNoted
    | ConcernNoted
    | RemainingChanged
    | PaymentRevised
    | ApprovalAsked
    | GrantNoted
    | ApprovalEvidenceRefused
    | PaymentApproved
    | PaymentRejected
    | ApprovalExpired
    | PaymentScheduled
    | PaymentHeld
    | HoldReleased
    | PaymentWithdrawn
    | PaymentReleased
    | PaymentNotSent
    | PaymentSubmitted
    | PaymentOutcomeUnknown
    | OutcomeAlertRaised
    | BankWordReported
    | OutcomeProved
    | PaymentAccepted
    | PaymentAwaitsFunds
    | PaymentRefusedByBank
    | CancelRequested
    | CancelConfirmed
    | CancelRefused
    | PaymentExecuted
    | PaymentFeeTaken
    | PaymentReconciled
    | PaymentReturned
    | MisfitNoted
    | PaymentBookkept
    | PostingRefused
)
