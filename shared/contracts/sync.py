"""What sync tells: what stands in the ledger, and what was written into it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Contract
from shared.contracts.values import Copy, Fault, RunCounts, SealedAccount
from shared.money import Money
from shared.sealed import Sealed

Side = Literal["payable", "receivable"]


class _Invoice(Contract):
    """What is known of an invoice in the ledger. `invoice_id` follows from the ledger's entry."""

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


class InvoiceBooked(_Invoice, publisher="sync", aggregate="ledger"):
    """A supplier or customer invoice stands in the ledger."""


class InvoiceChanged(_Invoice, publisher="sync", aggregate="ledger"):
    """It stands there differently than told before: everything is told again."""


class InvoiceWithdrawn(Contract, publisher="sync", aggregate="ledger"):
    """It is gone from the ledger: seen missing by two complete sweeps."""

    invoice_id: UUID
    side: Side


class CreditNoteBooked(Contract, publisher="sync", aggregate="ledger"):
    """A credit note: `gross` and `remaining` are positive and reduce what is owed."""

    credit_note_id: UUID
    side: Side
    party_id: UUID
    number: str
    voucher: str
    issued_on: date
    gross: Money
    remaining: Money


class LedgerPaymentBooked(Contract, publisher="sync", aggregate="ledger"):
    """A payment stands in the ledger, ours or anybody's."""

    entry_id: UUID
    side: Side
    party_id: UUID
    voucher: str
    booked_on: date
    amount: Money
    token: str | None = None


class ItemsMatched(Contract, publisher="sync", aggregate="ledger"):
    """The ledger allocates: what remains of one invoice or credit note afterwards."""

    item_id: UUID
    side: Side
    party_id: UUID
    remaining: Money
    matched_on: date


class ItemsUnmatched(Contract, publisher="sync", aggregate="ledger"):
    """The allocation was taken back: what remains again."""

    item_id: UUID
    side: Side
    party_id: UUID
    remaining: Money


class PartyChanged(Contract, publisher="sync", aggregate="ledger"):
    """Master data of a supplier or customer."""

    party_id: UUID
    side: Side
    number: str
    name: Sealed
    blocked: bool


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
    """What was asked to be bookkept is in the ledger, once."""

    posting_id: UUID
    token: str
    voucher: str
    posted_on: date
    moved_because: str | None = None


class VoucherRefused(Contract, publisher="sync", aggregate="voucher"):
    posting_id: UUID
    token: str
    code: str
    reason: str = Field(max_length=500)
