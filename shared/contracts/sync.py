"""What sync tells: what stands in the ledger, and what was written into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Contract
from shared.contracts.values import Copy, Fault, RunCounts, SealedAccount, SealedReference
from shared.money import Money
from shared.sealed import Sealed

Side = Literal["payable", "receivable"]
DueBasis = Literal["agreed", "unilateral", "statutory"]
"""Whether the due date was agreed, printed by the seller alone, or is the law's own."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """What the ledger sets off against an item: a payment, a credit note or another entry.

    `value_on` is the day on which it counts for interest, `matched_on` that of the match.
    """

    entry_id: UUID
    kind: Literal["payment", "credit_note", "charge", "other"]
    amount: Money
    value_on: date
    matched_on: date


class _Invoice(Contract):
    """What is known of an invoice in the ledger. `invoice_id` follows from the ledger's entry.

    `account` is where a payable is paid to, and under which reference a customer pays a receivable.
    Of receivables alone: `sent_on`, `due_basis`, `references` and `dunned_elsewhere`, which says that
    somebody else already follows it up.
    """

    invoice_id: UUID
    side: Side
    party_id: UUID
    party_name: Sealed
    party_number: str
    number: str
    voucher: str
    issued_on: date
    due_on: date
    gross: Money
    remaining: Money
    account: SealedAccount | None
    faults: tuple[Fault, ...] = ()
    copy_of: Copy | None = None
    exported_to_bank: bool = False
    historical: bool = False
    sent_on: date | None = None
    due_basis: DueBasis = "agreed"
    gross_in_base: Money | None = None
    references: tuple[SealedReference, ...] = ()
    dunned_elsewhere: bool = False


class InvoiceBooked(_Invoice, publisher="sync", aggregate="ledger"):
    """A supplier or customer invoice stands in the ledger."""


class InvoiceChanged(_Invoice, publisher="sync", aggregate="ledger"):
    """It stands there differently than told before: everything is told again."""


class InvoiceWithdrawn(Contract, publisher="sync", aggregate="ledger"):
    """It is gone from the ledger: seen missing by two complete sweeps."""

    invoice_id: UUID
    side: Side


class CreditNoteBooked(Contract, publisher="sync", aggregate="ledger"):
    """A credit note: `gross` and `remaining` are positive and reduce what is owed.

    `corrects` is the invoice that it takes back as never owed; without it, it counts from its own
    day.
    """

    credit_note_id: UUID
    side: Side
    party_id: UUID
    number: str
    voucher: str
    issued_on: date
    gross: Money
    remaining: Money
    gross_in_base: Money | None = None
    corrects: UUID | None = None
    historical: bool = False


class LedgerPaymentBooked(Contract, publisher="sync", aggregate="ledger"):
    """A payment stands in the ledger, ours or anybody's.

    `booked_on` is the day that its entry bears. Of customers' payments alone: `value_on`, the day on
    which it counts, `entered_on`, the day on which somebody entered it, and `remaining`, what is
    matched with nothing yet.
    """

    entry_id: UUID
    side: Side
    party_id: UUID
    voucher: str
    booked_on: date
    amount: Money
    token: str | None = None
    value_on: date | None = None
    remaining: Money | None = None
    historical: bool = False
    entered_on: date | None = None


class LedgerAdjustmentBooked(Contract, publisher="sync", aggregate="ledger"):
    """An entry on a customer's account that is no invoice, credit note or payment.

    Positive reduces what the customer owes.
    """

    entry_id: UUID
    side: Side
    party_id: UUID
    voucher: str
    booked_on: date
    amount: Money
    remaining: Money


class ChargeEntryBooked(Contract, publisher="sync", aggregate="ledger"):
    """An entry of ours on a customer's account stands in the ledger, known by its line's token.

    Positive is owed by the customer, negative gives up what was charged. `line_token` is the token of
    the posting and the line's number in it: `ABC….1.2`.
    """

    entry_id: UUID
    party_id: UUID
    line_token: str
    booked_on: date
    amount: Money
    remaining: Money


class ItemsMatched(Contract, publisher="sync", aggregate="ledger"):
    """The ledger allocates: what remains of one item afterwards.

    Of payables, items are invoices and credit notes. Of receivables they are all that stand on a
    customer's account, and `allocations` are all that then stand against an invoice or charge.
    """

    item_id: UUID
    side: Side
    party_id: UUID
    remaining: Money
    matched_on: date
    allocations: tuple[Allocation, ...] = ()


class ItemsUnmatched(Contract, publisher="sync", aggregate="ledger"):
    """The allocation was taken back: what remains again."""

    item_id: UUID
    side: Side
    party_id: UUID
    remaining: Money
    allocations: tuple[Allocation, ...] = ()


class PartyChanged(Contract, publisher="sync", aggregate="ledger"):
    """Master data of a supplier or customer.

    Of customers: `kind` decides which law protects them; `address` opens as JSON (street, postal_code,
    city, country), `id_number` as a company's or person's number of their country; `faults` are what
    is wrong with any of it.
    """

    party_id: UUID
    side: Side
    number: str
    name: Sealed
    blocked: bool
    kind: Literal["company", "person"] | None = None
    country: str | None = None
    language: str | None = None
    currency: str | None = None
    email: Sealed | None = None
    mobile: Sealed | None = None
    address: Sealed | None = None
    id_number: Sealed | None = None
    faults: tuple[Fault, ...] = ()


class InvoiceCopyStored(Contract, publisher="sync", aggregate="ledger"):
    """The document of an invoice is kept."""

    invoice_id: UUID
    copy_of: Copy


class LedgerConnected(Contract, publisher="sync", aggregate="connection"):
    """A client's ledger is connected, under whose mandate and through which institute."""

    connection_id: UUID
    system: str
    agreement: str
    base_currency: str


class LedgerNeedsConsent(Contract, publisher="sync", aggregate="connection"):
    connection_id: UUID


class LedgerAccessDenied(Contract, publisher="sync", aggregate="connection"):
    connection_id: UUID
    reason: str


class SyncCompleted(Contract, publisher="sync", aggregate="connection"):
    connection_id: UUID
    run_id: UUID
    started_at: datetime
    counts: RunCounts


class SyncFailed(Contract, publisher="sync", aggregate="connection"):
    connection_id: UUID
    run_id: UUID
    reason: str


class LedgerDriftDetected(Contract, publisher="sync", aggregate="connection"):
    """The mirror and the ledger's control account disagree."""

    connection_id: UUID
    side: Side
    ledger_total: Money
    mirror_total: Money


class ControlTotalRead(Contract, publisher="sync", aggregate="connection"):
    """What the ledger's control account of one side said at the end of a run, beside our mirror."""

    connection_id: UUID
    side: Side
    ledger_total: Money
    mirror_total: Money
    read_at: datetime


class OpenItemsChecked(Contract, publisher="sync", aggregate="ledger"):
    """One customer's open items were read again; what was found was told before this.

    `complete` is false where the ledger could not be read.
    """

    check_id: UUID
    party_id: UUID
    checked_at: datetime
    complete: bool


class LedgerDriftCleared(Contract, publisher="sync", aggregate="connection"):
    connection_id: UUID
    side: Side


class EInvoiceReceived(Contract, publisher="sync", aggregate="einvoice"):
    """A document arrived and is kept as it came."""

    document_id: UUID
    copy_of: Copy


class EInvoiceRead(Contract, publisher="sync", aggregate="einvoice"):
    """It was read: what it asks for, and what stands in the way of booking or paying it."""

    document_id: UUID
    kind: Literal["invoice", "credit_note"]
    number: str
    payable: Money | None
    due_on: date | None
    faults: tuple[Fault, ...] = ()


class EInvoiceBooked(Contract, publisher="sync", aggregate="einvoice"):
    """It stands in the ledger; InvoiceBooked follows when it has been read back from there."""

    document_id: UUID
    voucher: str


class VoucherPosted(Contract, publisher="sync", aggregate="voucher"):
    """What was asked to be bookkept is in the ledger, once.

    `entries`, of charges, are what stands on the customer's account of each line, in their order.
    """

    posting_id: UUID
    token: str
    voucher: str
    posted_on: date
    moved_because: str | None = None
    entries: tuple[UUID, ...] = ()


class VoucherRefused(Contract, publisher="sync", aggregate="voucher"):
    posting_id: UUID
    token: str
    code: str
    reason: str = Field(max_length=500)
