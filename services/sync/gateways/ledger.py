"""What the port to an accounting system speaks of; `source` is the port, `receivables` its customers.

Signs are those of whoever owes: what we owe a supplier is positive, so an invoice is positive, a
credit note and a payment are negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from shared.money import Money

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whose books a connection opens. `identity` is stored at consent and compared ever after."""

    identity: str
    company_name: str
    vat_number: str | None
    base_currency: str
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the accounting system can do, where the systems differ."""

    pushes_changes: bool
    replays_by_key: bool
    drafts_before_booking: bool
    matches: bool
    unmatches: bool
    serves_documents: bool


class PaymentType(StrEnum):
    """How the supplier wants the money, as registered in the accounting system."""

    BANK_ACCOUNT = "bank_account"
    IBAN = "iban"
    FIK_71 = "fik_71"
    FIK_73 = "fik_73"
    FIK_75 = "fik_75"
    GIRO_01 = "giro_01"
    GIRO_04 = "giro_04"
    GIRO_15 = "giro_15"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """Payment details as printed on the invoice or kept on the supplier: read, not yet judged."""

    type: PaymentType
    creditor: str = ""
    """The FIK creditor, giro or domestic account number; empty where `iban` says it."""
    reference: str = ""
    message: str = ""
    iban: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Supplier:
    number: int
    name: str
    vat_number: str | None
    currency: str
    blocked: bool
    payment_details: PaymentDetails | None


class EntryKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    OTHER = "other"
    """Moves the party's balance in some other way, such as an opening balance."""
    CHARGE = "charge"
    """A charge on a customer's account that we have entered, or what gives it up."""


@dataclass(frozen=True, slots=True)
class VoucherRef:
    """A voucher's number is unique within its accounting year only, such as 2025/2026."""

    accounting_year: str
    number: int


@dataclass(frozen=True, slots=True)
class SupplierEntry:
    """One booked entry of the payables ledger.

    `document` names the voucher under which a copy may be attached; whether one is, `document()`
    tells. `exported_to_bank_file` says that the accounting system has already written this invoice
    to a payment file, so that paying it may pay it twice.
    """

    entry_number: int
    kind: EntryKind
    supplier_number: int
    supplier_invoice_number: str | None
    voucher: VoucherRef
    dated_on: date
    due_on: date | None
    amount: Money
    remaining: Money
    payment_details: PaymentDetails | None
    exported_to_bank_file: bool
    document: VoucherRef
    created_on: date
    matched_on: date | None
    token: str | None = None
    """The token of the posting that entered it, where one of ours did."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two entries set off against each other, for a positive amount."""

    entry_number: int
    against: int
    amount: Money
    matched_on: date


@dataclass(frozen=True, slots=True)
class Document:
    content: bytes
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that could not be read: set aside by its hash so that the rest goes on."""

    source_id: str
    reason: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some records in the vendor's order. `next_cursor` is kept even when `complete`."""

    records: tuple[T, ...]
    next_cursor: str | None
    complete: bool
    parked: tuple[Parked, ...] = ()


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A supplier's invoice, or with a negative amount its credit note. Gross, credited to the supplier."""

    supplier_number: int
    invoice_number: str
    amount: Money
    contra_account: int
    text: str
    due_on: date | None = None
    contra_vat_code: str | None = None
    payment_details: PaymentDetails | None = None


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """Money that has left for a supplier (negative: come back), from the contra account.

    `rate` is what one unit costs in the base currency where the ledger must not use its rate of
    the day: the rate that the invoice was booked at, so that a gain or loss is a line of its own.
    """

    supplier_number: int
    invoice_number: str | None
    amount: Money
    contra_account: int
    text: str
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AccountLine:
    """Debited to the account and credited to the contra account; negative the other way."""

    account: int
    contra_account: int
    amount: Money
    text: str


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """Debited to a customer, from an income account; negative gives up what was debited before."""

    customer_number: int
    amount: Money
    contra_account: int
    text: str
    due_on: date | None = None


PostingLine = InvoiceLine | PaymentLine | AccountLine | ChargeLine


@dataclass(frozen=True, slots=True)
class Posting:
    """Lines to be booked on one day. Each balances by itself, so debit equals credit by construction."""

    voucher_on: date
    lines: tuple[PostingLine, ...]


@dataclass(frozen=True, slots=True)
class FoundLine:
    """Where a line of ours stands: in a draft (`draft_entry`) or in a booked `voucher`."""

    ordinal: int
    voucher_on: date
    draft_entry: int | None = None
    voucher: VoucherRef | None = None
    supplier_entry: int | None = None
    customer_entry: int | None = None

    @property
    def party_entry(self) -> int | None:
        """The booked entry on a party, which `match` wants; none on a line without one."""
        return self.customer_entry or self.supplier_entry


@dataclass(frozen=True, slots=True)
class PostingFound:
    """Every place where a token stands. An ordinal twice is a double posting, never silent."""

    lines: tuple[FoundLine, ...]

    @property
    def drafts(self) -> tuple[int, ...]:
        return tuple(line.draft_entry for line in self.lines if line.draft_entry is not None)

    @property
    def booked(self) -> tuple[FoundLine, ...]:
        return tuple(line for line in self.lines if line.voucher is not None)

    @property
    def doubled(self) -> frozenset[int]:
        """The ordinals that stand in more than one place."""
        ordinals = [line.ordinal for line in self.lines]
        return frozenset(ordinal for ordinal in ordinals if ordinals.count(ordinal) > 1)
