"""What can be asked of sync. What was read outside arrives in the command, sealed where personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.sync.values import AskedVoucher, Asker, Entry, PostingLine, Reading, Settings
from shared.contracts.sync import Allocation
from shared.contracts.values import Copy, Fault
from shared.money import Money
from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class NoteClient:
    time_zone: str
    language: str


@dataclass(frozen=True, slots=True)
class GiveConsent:
    system: str
    agreement: str
    settings: Settings
    grant: Sealed
    institute: str
    licence: str
    given_by: UUID
    given_on: date
    run_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class StartRun:
    run_id: UUID
    asked_by: Asker
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteSuppliers:
    """A page of suppliers. `base_currency` is what the probe said before it."""

    run_id: UUID
    base_currency: str
    cursor: str | None
    told: int
    parked: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class NoteCustomers:
    """A page of customers. `newest` is the vendor's instant of the latest change in it."""

    run_id: UUID
    cursor: str | None
    told: int
    parked: tuple[str, ...]
    complete: bool
    newest: str | None


@dataclass(frozen=True, slots=True)
class NotePage:
    run_id: UUID
    cursor: str | None
    entries: int
    told: int
    parked: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class NoteSweep:
    """A sweep of the open set. Without totals there is more to look at.

    `believable` and `totals` (the ledger's, the open set's) are of the payables; `receivables` are
    the same of the customers' side, where it is read.
    """

    run_id: UUID
    open_items: int
    told: int
    believable: bool
    totals: tuple[Money, Money] | None
    at: datetime
    receivables: tuple[bool, tuple[Money, Money]] | None = None


@dataclass(frozen=True, slots=True)
class FailRun:
    run_id: UUID
    code: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteParty:
    number: int
    name: Sealed
    blocked: bool
    print: str
    name_print: str
    vat_print: str | None
    account_print: str | None


@dataclass(frozen=True, slots=True)
class NoteCustomer:
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


@dataclass(frozen=True, slots=True)
class NoteCheck:
    """A customer's open items were read again; what was found was recorded before this."""

    check_id: UUID
    checked_at: datetime
    complete: bool


@dataclass(frozen=True, slots=True)
class ObserveEntry:
    """An entry as it stands in the ledger now; `copy_of` is its e-invoice, where we booked it.

    `allocations` are all that stand against it, where that was asked for.
    """

    entry: Entry
    remaining: Money
    matched_on: date
    copy_of: Copy | None = None
    allocations: tuple[Allocation, ...] | None = None


@dataclass(frozen=True, slots=True)
class MissItem:
    missed_at: datetime


@dataclass(frozen=True, slots=True)
class KeepCopy:
    copy_of: Copy


@dataclass(frozen=True, slots=True)
class KeepReading:
    """The entry was booked from a document that was read so."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class ReceiveDocument:
    copy_of: Copy
    reading: Reading


@dataclass(frozen=True, slots=True)
class ChooseSupplier:
    supplier_number: int


@dataclass(frozen=True, slots=True)
class BookEInvoice:
    """`confirmed`: a person has looked at the fields that were read with doubt. `repeats`: another
    document of this supplier and number is in the books already, or on its way there.
    """

    token: str
    contra_account: int
    vat_code: str | None
    after_entry: int
    confirmed: bool
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmBooking:
    voucher: str
    entry_number: int
    posted_on: date
    moved_because: str | None


@dataclass(frozen=True, slots=True)
class RefuseBooking:
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class SeekPosting:
    payment_id: UUID | None
    token: str
    voucher_on: date
    lines: tuple[PostingLine, ...]
    after_entry: int
    invoice_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RefuseUnbookable:
    """What was asked for cannot be written into this client's ledger as it is set up now."""

    asked: AskedVoucher
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class RetryPosting:
    pass


@dataclass(frozen=True, slots=True)
class NoteUncertain:
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmPosting:
    voucher: str
    posted_on: date
    moved_because: str | None
    unmatched: tuple[int, ...] = ()
    entries: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RefusePosting:
    code: str
    reason: str


ConnectionCommand = (
    NoteClient
    | GiveConsent
    | StartRun
    | NoteSuppliers
    | NoteCustomers
    | NotePage
    | NoteSweep
    | FailRun
)
CustomerCommand = NoteCustomer | NoteCheck
ItemCommand = ObserveEntry | MissItem | KeepCopy | KeepReading
DocumentCommand = ReceiveDocument | ChooseSupplier | BookEInvoice | ConfirmBooking | RefuseBooking
PostingCommand = (
    SeekPosting | RefuseUnbookable | RetryPosting | NoteUncertain | ConfirmPosting | RefusePosting
)
