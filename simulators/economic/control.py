"""What a person does in e-conomic's own screens, and what a test or the demo needs: `/control/...`.

POST /control/{agreement}/{action} with a JSON body; each body is a class below. Signs are a
person's: an invoice of 1250.00 is 1250.00, and so is the credit note that takes it back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

import msgspec

from simulators.economic import bookkeeping, paper, sales_control, views
from simulators.economic import books as state
from simulators.economic.bookkeeping import (
    FINANCE_VOUCHER,
    SUPPLIER_INVOICE,
    SUPPLIER_PAYMENT,
    Movement,
)
from simulators.economic.books import (
    BANK,
    PAYABLES,
    SUSPENSE,
    Agreement,
    Attachment,
    Books,
    PaymentDetails,
)
from simulators.economic.faults import Fault
from simulators.economic.problems import invalid

T = TypeVar("T")
Action = Callable[[Agreement, bytes, datetime], object]


class NewAgreement(msgspec.Struct, rename="camel"):
    number: int
    grant: str
    company_name: str
    vat_number: str = "10103940"
    first_days: list[date] | None = None
    base_currency: str = "DKK"


class NewSupplier(msgspec.Struct, rename="camel"):
    number: int
    name: str
    currency: str = "DKK"
    vat_number: str | None = None
    barred: bool = False
    payment: PaymentDetails | None = None


class Invoice(msgspec.Struct, rename="camel"):
    """A supplier's invoice or credit note, booked by a person. `document`: a PDF hangs on it."""

    supplier: int
    number: str
    amount: Decimal
    booked_on: date
    currency: str = "DKK"
    due_on: date | None = None
    account: int = 1310
    vat_code: str | None = None
    payment: PaymentDetails | None = None
    document: bool = True


class ChangedDetails(msgspec.Struct):
    entry: int
    payment: PaymentDetails | None


class Exported(msgspec.Struct):
    entry: int


class OutsidePayment(msgspec.Struct, rename="camel"):
    """A payment that a person made and entered; all of what remains unless an amount is given."""

    entry: int
    booked_on: date
    amount: Decimal | None = None
    match: bool = True


class Entries(msgspec.Struct, rename="camel"):
    entries: list[int]
    booked_on: date


class Drift(msgspec.Struct, rename="camel"):
    """A finance voucher straight onto the payables account, past the suppliers. Credit: negative."""

    amount: Decimal
    booked_on: date


class ClosedPeriods(msgspec.Struct):
    """Every period that ends on this day or earlier is closed."""

    until: date


class Access(msgspec.Struct, rename="camel"):
    api_access: bool


def add_supplier(books: Agreement, body: bytes, now: datetime) -> object:
    wanted = _read(body, NewSupplier)
    if any(supplier.number == wanted.number for supplier in books.suppliers):
        raise invalid("SupplierExists", f"supplier {wanted.number} exists")
    books.suppliers.append(msgspec.convert(wanted, state.Supplier, from_attributes=True))
    return {"supplierNumber": wanted.number}


def book_invoice(books: Agreement, body: bytes, now: datetime) -> object:
    return _book_document(books, _read(body, Invoice), -1, now)


def book_credit_note(books: Agreement, body: bytes, now: datetime) -> object:
    return _book_document(books, _read(body, Invoice), 1, now)


def change_details(books: Agreement, body: bytes, now: datetime) -> object:
    wanted = _read(body, ChangedDetails)
    books.entry(wanted.entry).payment = wanted.payment
    return {"entryNumber": wanted.entry}


def export_to_bank_file(books: Agreement, body: bytes, now: datetime) -> object:
    entry = books.entry(_read(body, Exported).entry)
    if entry.payment is None:
        raise invalid("NoPaymentDetails", "an entry without payment details cannot be exported")
    entry.payment = msgspec.structs.replace(entry.payment, exported_to_bank_file=True)
    return {"entryNumber": entry.entry_number}


def pay_outside(books: Agreement, body: bytes, now: datetime) -> object:
    wanted = _read(body, OutsidePayment)
    item = books.entry(wanted.entry)
    amount = -item.remainder if wanted.amount is None else wanted.amount
    if item.supplier_number is None or not amount or amount * item.remainder >= 0:
        raise invalid("NothingToPay", f"entry {wanted.entry} has no such remainder")
    base = books.in_base(amount, item.currency)
    sides = [
        Movement(
            PAYABLES,
            amount,
            base,
            item.currency,
            item.supplier_number,
            item.supplier_invoice_number,
        ),
        Movement(BANK, -amount, -base, item.currency),
    ]
    text = f"Betaling {item.supplier_invoice_number or ''}"
    payment = bookkeeping.book(books, SUPPLIER_PAYMENT, wanted.booked_on, text, sides, now)[0]
    if wanted.match:
        numbers = [item.entry_number, payment.entry_number]
        bookkeeping.match(books, numbers, wanted.booked_on, now)
    return {"entryNumber": payment.entry_number}


def match(books: Agreement, body: bytes, now: datetime) -> object:
    wanted = _read(body, Entries)
    bookkeeping.match(books, wanted.entries, wanted.booked_on, now)
    return {"entries": wanted.entries}


def unmatch(books: Agreement, body: bytes, now: datetime) -> object:
    wanted = _read(body, Entries)
    bookkeeping.unmatch(books, wanted.entries, wanted.booked_on, now)
    return {"entries": wanted.entries}


def drift(books: Agreement, body: bytes, now: datetime) -> object:
    wanted = _read(body, Drift)
    sides = [
        Movement(PAYABLES, wanted.amount, wanted.amount, books.base_currency),
        Movement(SUSPENSE, -wanted.amount, -wanted.amount, books.base_currency),
    ]
    entry = bookkeeping.book(
        books, FINANCE_VOUCHER, wanted.booked_on, "Efterpostering", sides, now
    )[0]
    return {"entryNumber": entry.entry_number}


def add_draft(books: Agreement, body: bytes, now: datetime) -> object:
    return {"entryNumber": bookkeeping.enter(books, _read(body, state.Draft))}


def close_periods(books: Agreement, body: bytes, now: datetime) -> object:
    until = _read(body, ClosedPeriods).until
    for year in books.years:
        year.closed = year.closed or year.to_on <= until
        for period in year.periods:
            period.closed = period.closed or period.to_on <= until
    return {"until": until}


def set_access(books: Agreement, body: bytes, now: datetime) -> object:
    books.api_access = _read(body, Access).api_access
    return {"apiAccess": books.api_access}


class Step(msgspec.Struct):
    """One of many acts, of which the books are kept once."""

    action: str
    body: msgspec.Raw


def act_in_turn(books: Agreement, body: bytes, now: datetime) -> object:
    """Many acts at once, up to the first that is refused: what a year of books is made of."""
    answers = []
    for number, step in enumerate(_read(body, list[Step])):
        if step.action not in ACTIONS:
            raise invalid("UnknownAction", f"step {number} asks for {step.action}")
        answers.append(ACTIONS[step.action](books, bytes(step.body), now))
    return {"answers": answers}


ACTIONS: dict[str, Action] = {
    "in-turn": act_in_turn,
    "suppliers": add_supplier,
    "invoices": book_invoice,
    "credit-notes": book_credit_note,
    "payment-details": change_details,
    "export-to-bank-file": export_to_bank_file,
    "payments": pay_outside,
    "match": match,
    "unmatch": unmatch,
    "drift": drift,
    "drafts": add_draft,
    "close-periods": close_periods,
    "access": set_access,
    **sales_control.ACTIONS,
}


def open_agreement(books: Books, body: bytes) -> object:
    wanted = _read(body, NewAgreement)
    days = {} if wanted.first_days is None else {"first_days": tuple(wanted.first_days)}
    books.add(
        state.open_agreement(
            wanted.number,
            wanted.grant,
            wanted.company_name,
            wanted.vat_number,
            base_currency=wanted.base_currency,
            **days,
        )
    )
    return {"agreementNumber": wanted.number}


def faults(body: bytes) -> list[Fault]:
    return _read(body, list[Fault])


def audit(books: Books) -> object:
    return {"agreements": [views.audit(agreement) for agreement in books]}


def _book_document(books: Agreement, wanted: Invoice, sign: int, now: datetime) -> object:
    draft = state.Draft(
        journal_number=1,
        entry_type_number=SUPPLIER_INVOICE,
        date=wanted.booked_on.isoformat(),
        amount=sign * wanted.amount,
        currency=wanted.currency,
        text=f"{books.supplier(wanted.supplier).name} {wanted.number}",
        contra_account_number=wanted.account,
        supplier_number=wanted.supplier,
        supplier_invoice_number=wanted.number,
        due_date=None if wanted.due_on is None else wanted.due_on.isoformat(),
        contra_vat_code=wanted.vat_code,
        supplier_payment=wanted.payment,
    )
    books.open_year(wanted.booked_on)
    number = bookkeeping.enter(books, draft)
    bookkeeping.book_drafts(books, 1, [number], now)
    entry = next(each for each in reversed(books.entries) if each.supplier_number is not None)
    if wanted.document:
        title = "Faktura" if sign < 0 else "Kreditnota"
        supplier = books.supplier(wanted.supplier)
        lines = paper.lines(title, supplier, books.company_name, wanted)
        books.attachments.append(
            Attachment(
                len(books.attachments) + 1, entry.accounting_year, entry.voucher_number, lines
            )
        )
    return {"entryNumber": entry.entry_number}


def _read(body: bytes, wanted: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=wanted)
    except msgspec.MsgspecError as error:
        raise invalid("InvalidBody", str(error)) from error
