"""e-conomic's records as they travel.

Numbers are decoded into `Decimal` from their digits and encoded from their digits: no amount is
ever a float. e-conomic leaves out false booleans and empty values.

Read in the vendor's published change logs (journals 16.0.1, booked entries 7.0.0): the services,
their versions, entry types, cursors, and that a draft's text cannot be filtered on. Unverified,
since no schema file is at hand: that type 1 is a customer's invoice, the names inside `supplierPayment`, that it tells of the export to
a bank file, the numbers of the payment types, the fields of a matched pair, and that amounts carry
the ledger's sign (a credit to the supplier is negative) in booked entries and drafts alike.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import TypeVar

import msgspec

from services.sync.gateways.errors import Unreadable
from services.sync.gateways.ledger import Parked

R = TypeVar("R")
W = TypeVar("W")

CUSTOMER_INVOICE, CUSTOMER_PAYMENT, SUPPLIER_INVOICE, SUPPLIER_PAYMENT, FINANCE_VOUCHER = range(
    1, 6
)
MANUAL_CUSTOMER_INVOICE = 10
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Wire(msgspec.Struct, rename="camel", omit_defaults=True):
    """A record of e-conomic's: what we do not use is passed over, what we need must be there."""


class Company(Wire):
    name: str = ""
    vat_number: str | None = None
    company_identification_number: str | None = None


class Settings(Wire):
    base_currency: str


class Module(Wire):
    name: str = ""


class Self(Wire):
    agreement_number: int
    settings: Settings
    company: Company = msgspec.field(default_factory=Company)
    modules: list[Module] = msgspec.field(default_factory=list)


class CursorPage(Wire):
    """A page of an OpenAPI list. No cursor: the end of the list."""

    items: list[msgspec.Raw]
    cursor: str | int | None = None


class Collection(Wire):
    """A page of a legacy REST list."""

    collection: list[msgspec.Raw]


class PaymentTypeRef(Wire):
    payment_type_number: int


class SupplierNumber(Wire):
    supplier_number: int


class RemittanceAdvice(Wire):
    payment_type: PaymentTypeRef | None = None
    creditor_id: str = ""


class SupplierRow(Wire):
    supplier_number: int
    name: str
    currency: str
    corporate_identification_number: str | None = None
    barred: bool = False
    bank_account: str = ""
    remittance_advice: RemittanceAdvice | None = None


class CustomerNumber(Wire):
    customer_number: int


class Layout(Wire):
    layout_number: int


class CustomerRow(Wire):
    customer_number: int
    name: str
    currency: str
    address: str = ""
    zip: str = ""
    city: str = ""
    country: str = ""
    email: str = ""
    mobile_phone: str = ""
    corporate_identification_number: str = ""
    barred: bool = False
    layout: Layout | None = None
    last_updated: str | None = None


class References(Wire):
    other: str = ""


class Notes(Wire):
    heading: str = ""


class SalesRow(Wire):
    booked_invoice_number: int
    references: References | None = None
    notes: Notes | None = None


class SupplierPayment(Wire):
    payment_type_number: int
    creditor_id: str = ""
    creditor_invoice_id: str = ""
    message: str = ""
    bic: str = ""
    exported_to_bank_file: bool = False


class BookedEntry(Wire):
    entry_number: int
    type: int
    date: str
    creation_date: str
    voucher_number: int
    account_number: int
    currency_code: str
    amount: Decimal
    amount_in_base_currency: Decimal
    text: str = ""
    supplier_number: int | None = None
    supplier_invoice_number: str | None = None
    customer_number: int | None = None
    customer_invoice_number: int | None = None
    due_date: str | None = None
    remainder: Decimal | None = None
    matched_amount_in_base_currency: Decimal = Decimal()
    effective_match_date: str | None = None
    supplier_payment: SupplierPayment | None = None


class MarkedEntry(Wire):
    """Of a booked entry, only what finding our own takes: a stranger's oddity must not hide ours."""

    entry_number: int
    date: str
    voucher_number: int
    text: str = ""
    supplier_number: int | None = None
    customer_number: int | None = None


class AccountEntry(Wire):
    amount_in_base_currency: Decimal


class MatchedPair(Wire):
    entry_number: int
    matched_entry_number: int
    amount: Decimal
    currency_code: str
    match_date: str


class DraftEntry(Wire):
    """A line of a journal. `exchangeRate` is per 100 units of the currency."""

    journal_number: int
    entry_type_number: int
    date: str
    amount: Decimal
    currency: str
    contra_account_number: int | None = None
    text: str = ""
    account_number: int | None = None
    supplier_number: int | None = None
    supplier_invoice_number: str | None = None
    customer_number: int | None = None
    due_date: str | None = None
    contra_vat_code: str | None = None
    exchange_rate: Decimal | None = None
    supplier_payment: SupplierPayment | None = None


class MarkedDraft(Wire):
    entry_number: int
    date: str
    text: str = ""


class EntryNumber(Wire):
    entry_number: int


class Period(Wire):
    from_date: str
    to_date: str
    closed: bool = False


class AccountingYear(Period, kw_only=True):
    year: str


class AttachedDocument(Wire):
    number: int


def read(raw: bytes | msgspec.Raw, wanted: type[W]) -> W:
    """Decode, or say that the vendor's answer cannot be read."""
    try:
        return msgspec.json.decode(raw, type=wanted)
    except msgspec.MsgspecError as error:
        raise Unreadable(f"{wanted.__name__}: {error}") from error


def read_each(
    rows: list[msgspec.Raw], wanted: type[W], number: Callable[[W], int], meant: Callable[[W], R]
) -> tuple[tuple[R, ...], tuple[Parked, ...]]:
    """Translate row by row: one that cannot be read is parked and the others go on."""
    records: list[R] = []
    parked: list[Parked] = []
    for raw in rows:
        source_id = "unknown"
        try:
            row = msgspec.json.decode(raw, type=wanted)
            source_id = str(number(row))
            records.append(meant(row))
        except (msgspec.MsgspecError, ValueError, ArithmeticError) as error:
            parked.append(Parked(source_id, str(error), sha256(bytes(raw)).hexdigest()))
    return tuple(records), tuple(parked)


def written(value: object) -> bytes:
    """JSON with amounts as exact numbers: 1250.10 is sent as those seven characters."""
    return _encode(value)


def day(text: str) -> date:
    """The calendar day of `2026-03-02`, `2026-03-02T00:00:00` or `2026-03-02T00:00:00Z`."""
    return date.fromisoformat(text[:10])
