"""What can have happened in sync: a connection's life, ledger entries as told, documents, postings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.sync.values import (
    AskedVoucher,
    Asker,
    ControlTotal,
    Entry,
    PostingLine,
    Reading,
    Settings,
    Side,
)
from shared.contracts.sync import Allocation
from shared.contracts.values import Copy, Fault, RunCounts
from shared.eventstore.events import Event
from shared.money import Money
from shared.sealed import Sealed


class ClientNoted(Event, frozen=True, tag="sync.ClientNoted.v1"):
    time_zone: str
    language: str


class ConsentGiven(Event, frozen=True, tag="sync.ConsentGiven.v1"):
    """The client lets us into its ledger: under whose mandate, executed by which institute."""

    system: str
    agreement: str
    settings: Settings
    grant: Sealed
    institute: str
    licence: str
    given_by: UUID
    given_on: date


class LedgerConnected(Event, frozen=True, tag="sync.LedgerConnected.v1"):
    base_currency: str


class ConsentLost(Event, frozen=True, tag="sync.ConsentLost.v1"):
    pass


class AccessDenied(Event, frozen=True, tag="sync.AccessDenied.v1"):
    reason: str


class WrongAgreementMet(Event, frozen=True, tag="sync.WrongAgreementMet.v1"):
    expected: str


class RunStarted(Event, frozen=True, tag="sync.RunStarted.v1"):
    run_id: UUID
    asked_by: Asker
    started_at: datetime


class RunQueued(Event, frozen=True, tag="sync.RunQueued.v1"):
    asked_by: Asker


class SuppliersRead(Event, frozen=True, tag="sync.SuppliersRead.v1"):
    run_id: UUID
    cursor: str | None
    told: int
    parked: tuple[str, ...]
    complete: bool


class CustomersRead(Event, frozen=True, tag="sync.CustomersRead.v1"):
    """`newest` is the vendor's instant of the latest change among the cards of the page."""

    run_id: UUID
    cursor: str | None
    told: int
    parked: tuple[str, ...]
    complete: bool
    newest: str | None = None


class PageRead(Event, frozen=True, tag="sync.PageRead.v1"):
    """`parked`: what could not be read, each as its number and the hash of its bytes."""

    run_id: UUID
    cursor: str | None
    entries: int
    told: int
    parked: tuple[str, ...]
    complete: bool


class SweepRead(Event, frozen=True, tag="sync.SweepRead.v1"):
    run_id: UUID
    open_items: int
    told: int
    complete: bool


class RunCompleted(Event, frozen=True, tag="sync.RunCompleted.v1"):
    run_id: UUID
    started_at: datetime
    counts: RunCounts
    totals: tuple[ControlTotal, ...] = ()


class RunFailed(Event, frozen=True, tag="sync.RunFailed.v1"):
    run_id: UUID
    code: str
    reason: str


class DriftDetected(Event, frozen=True, tag="sync.DriftDetected.v1"):
    ledger_total: Money
    mirror_total: Money
    side: Side = "payable"


class DriftCleared(Event, frozen=True, tag="sync.DriftCleared.v1"):
    side: Side = "payable"


class PartyChanged(Event, frozen=True, tag="sync.PartyChanged.v1"):
    """A supplier's master data. The prints find it again by name, VAT number and account."""

    number: int
    name: Sealed
    blocked: bool
    print: str
    name_print: str
    vat_print: str | None
    account_print: str | None


class CustomerChanged(Event, frozen=True, tag="sync.CustomerChanged.v1"):
    """A customer's card. `address` opens as JSON: street, postal_code, city, country."""

    number: int
    name: Sealed
    blocked: bool
    kind: Literal["company", "person"] | None
    country: str | None
    language: str
    currency: str
    email: Sealed | None
    mobile: Sealed | None
    address: Sealed | None
    id_number: Sealed | None
    faults: tuple[Fault, ...]
    print: str


class OpenItemsChecked(Event, frozen=True, tag="sync.OpenItemsChecked.v1"):
    """One customer's open items were read again; `complete` is false where they could not be."""

    check_id: UUID
    checked_at: datetime
    complete: bool


class InvoiceSeen(Event, frozen=True, tag="sync.InvoiceSeen.v1"):
    entry: Entry
    remaining: Money
    copy_of: Copy | None = None


class CreditNoteSeen(Event, frozen=True, tag="sync.CreditNoteSeen.v1"):
    entry: Entry
    remaining: Money


class PaymentSeen(Event, frozen=True, tag="sync.PaymentSeen.v1"):
    entry: Entry
    remaining: Money


class ChargeSeen(Event, frozen=True, tag="sync.ChargeSeen.v1"):
    """A charge of ours stands on a customer's account, or what gives one up."""

    entry: Entry
    remaining: Money


class OtherEntrySeen(Event, frozen=True, tag="sync.OtherEntrySeen.v1"):
    """Moves a party's balance in some other way, such as an opening balance.

    Of suppliers it is told to nobody, of customers as an adjustment.
    """

    entry: Entry
    remaining: Money


class EntryAltered(Event, frozen=True, tag="sync.EntryAltered.v1"):
    entry: Entry


class ItemMatched(Event, frozen=True, tag="sync.ItemMatched.v1"):
    remaining: Money
    matched_on: date
    allocations: tuple[Allocation, ...] = ()


class ItemUnmatched(Event, frozen=True, tag="sync.ItemUnmatched.v1"):
    remaining: Money
    allocations: tuple[Allocation, ...] = ()


class ItemMissed(Event, frozen=True, tag="sync.ItemMissed.v1"):
    """A complete sweep did not see it. One may be mistaken; two an hour apart are believed."""

    missed_at: datetime


class ItemFound(Event, frozen=True, tag="sync.ItemFound.v1"):
    pass


class ItemWithdrawn(Event, frozen=True, tag="sync.ItemWithdrawn.v1"):
    pass


class CopyKept(Event, frozen=True, tag="sync.CopyKept.v1"):
    copy_of: Copy


class DocumentReceived(Event, frozen=True, tag="sync.DocumentReceived.v1"):
    copy_of: Copy


class DocumentRead(Event, frozen=True, tag="sync.DocumentRead.v1"):
    reading: Reading


class SupplierChosen(Event, frozen=True, tag="sync.SupplierChosen.v1"):
    supplier_number: int


class BookingAsked(Event, frozen=True, tag="sync.BookingAsked.v1"):
    token: str
    attempt: int
    supplier_number: int
    contra_account: int
    vat_code: str | None
    after_entry: int


class DocumentBooked(Event, frozen=True, tag="sync.DocumentBooked.v1"):
    voucher: str
    entry_number: int
    posted_on: date
    moved_because: str | None = None


class BookingRefused(Event, frozen=True, tag="sync.BookingRefused.v1"):
    code: str
    reason: str


class PostingSought(Event, frozen=True, tag="sync.PostingSought.v1"):
    """For a payment, or for the charges of a customer's invoice."""

    payment_id: UUID | None
    token: str
    attempt: int
    voucher_on: date
    lines: tuple[PostingLine, ...]
    after_entry: int
    invoice_id: UUID | None = None


class PostingUncertain(Event, frozen=True, tag="sync.PostingUncertain.v1"):
    """A write was sent and nobody knows whether it was done: it is searched for, not sent again."""

    reason: str


class VoucherPosted(Event, frozen=True, tag="sync.VoucherPosted.v1"):
    """`unmatched` are entries that the ledger would not set off: somebody has settled them.

    `entries` are those on customers' accounts, each by its line's ordinal.
    """

    token: str
    voucher: str
    posted_on: date
    moved_because: str | None = None
    unmatched: tuple[int, ...] = ()
    entries: tuple[tuple[int, int], ...] = ()


class PostingRefused(Event, frozen=True, tag="sync.PostingRefused.v1"):
    """`asked` is kept where it could not even be written as lines: an account had no number yet."""

    token: str
    code: str
    reason: str
    asked: AskedVoucher | None = None


ConnectionEvent = (
    ClientNoted
    | ConsentGiven
    | LedgerConnected
    | ConsentLost
    | AccessDenied
    | WrongAgreementMet
    | RunStarted
    | RunQueued
    | SuppliersRead
    | CustomersRead
    | PageRead
    | SweepRead
    | RunCompleted
    | RunFailed
    | DriftDetected
    | DriftCleared
)
ItemSeen = InvoiceSeen | CreditNoteSeen | PaymentSeen | ChargeSeen | OtherEntrySeen
CustomerEvent = CustomerChanged | OpenItemsChecked
ItemEvent = (
    ItemSeen
    | EntryAltered
    | ItemMatched
    | ItemUnmatched
    | ItemMissed
    | ItemFound
    | ItemWithdrawn
    | CopyKept
)
DocumentEvent = (
    DocumentReceived
    | DocumentRead
    | SupplierChosen
    | BookingAsked
    | DocumentBooked
    | BookingRefused
)
PostingEvent = PostingSought | PostingUncertain | VoucherPosted | PostingRefused
SyncEvent = (
    ConnectionEvent | PartyChanged | CustomerEvent | ItemEvent | DocumentEvent | PostingEvent
)
