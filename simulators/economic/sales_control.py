"""What a person does with customers in e-conomic's own screens: more of `/control/{agreement}/...`.

Signs are a person's: an invoice of 1250.00 is 1250.00, and so are the credit note that takes it
back and the payment that settles it. `enteredOn` dates an entry's creation in the past, since books
that a client brings along were not written today.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from simulators.economic import bookkeeping, paper
from simulators.economic.bookkeeping import (
    CUSTOMER_INVOICE,
    CUSTOMER_PAYMENT,
    FINANCE_VOUCHER,
    MANUAL_CUSTOMER_INVOICE,
    OPENING_ENTRY,
    Movement,
)
from simulators.economic.books import (
    BANK,
    OUTPUT_VAT,
    RECEIVABLES,
    SUSPENSE,
    VAT_RATES,
    Agreement,
    Customer,
    Entry,
    Expected,
    SalesInvoice,
    cents,
)
from simulators.economic.problems import invalid

T = TypeVar("T")
Action = Callable[[Agreement, bytes, datetime], object]

SALES = 1010


class Card(msgspec.Struct, rename="camel", kw_only=True):
    """A customer's card, under the vendor's names. Changing one, what is left out stays."""

    number: int
    name: str | msgspec.UnsetType = msgspec.UNSET
    currency: str | msgspec.UnsetType = msgspec.UNSET
    address: str | msgspec.UnsetType | None = msgspec.UNSET
    zip: str | msgspec.UnsetType | None = msgspec.UNSET
    city: str | msgspec.UnsetType | None = msgspec.UNSET
    country: str | msgspec.UnsetType | None = msgspec.UNSET
    email: str | msgspec.UnsetType | None = msgspec.UNSET
    mobile_phone: str | msgspec.UnsetType | None = msgspec.UNSET
    corporate_identification_number: str | msgspec.UnsetType | None = msgspec.UNSET
    barred: bool | msgspec.UnsetType = msgspec.UNSET
    payment_terms: int | msgspec.UnsetType = msgspec.UNSET
    layout: int | msgspec.UnsetType | None = msgspec.UNSET


class Sale(msgspec.Struct, rename="camel", kw_only=True):
    """A customer's invoice or credit note, booked by a person.

    `number` is the next one unless it is given; `other` is the field of other references;
    `credits`, of a credit note, the invoice whose number its heading names, and `match` sets the two
    off. Without `dueOn` the
    payment terms give no due date. With `manual` it is typed into a journal instead of being made
    out here: an entry without a document, of type 10.
    """

    customer: int
    amount: Decimal
    booked_on: date
    due_on: date | None = None
    number: int | None = None
    currency: str | None = None
    other: str | None = None
    credits: int | None = None
    match: bool = False
    account: int = SALES
    vat_code: str | None = None
    manual: bool = False
    entered_on: date | None = None


class Receipt(msgspec.Struct, rename="camel", kw_only=True):
    """Money from a customer: against an entry or booked invoice, or on account.

    All that remains unless an amount is given.
    """

    booked_on: date
    entry: int | None = None
    invoice: int | None = None
    customer: int | None = None
    amount: Decimal | None = None
    currency: str | None = None
    match: bool = True
    entered_on: date | None = None


class Adjustment(msgspec.Struct, rename="camel", kw_only=True):
    """An entry on a customer that is neither invoice nor payment. Positive: the customer owes it."""

    customer: int
    amount: Decimal
    booked_on: date
    currency: str | None = None


class Drift(msgspec.Struct, rename="camel"):
    """A finance voucher straight onto the receivables account, past the customers. Debit: positive."""

    amount: Decimal
    booked_on: date


class Lost(msgspec.Struct):
    """An entry that the interface shows no longer, with its whole voucher."""

    entry: int


def add_customer(books: Agreement, body: bytes, now: datetime) -> object:
    wanted = _read(body, Card)
    if any(customer.number == wanted.number for customer in books.customers):
        raise invalid("CustomerExists", f"customer {wanted.number} exists")
    if wanted.name is msgspec.UNSET:
        raise invalid("NameRequired", "a customer has a name")
    card = {"currency": books.base_currency} | _said(wanted)
    books.customers.append(Customer(**card, updated_at=now))
    return {"customerNumber": wanted.number}


def change_customer(books: Agreement, body: bytes, now: datetime) -> object:
    wanted = _read(body, Card)
    customer = books.customer(wanted.number)
    for name, value in _said(wanted).items():
        setattr(customer, name, value)
    customer.updated_at = now
    return {"customerNumber": wanted.number}


def book_invoice(books: Agreement, body: bytes, now: datetime) -> object:
    return _book(books, _read(body, Sale), 1, now)


def book_credit_note(books: Agreement, body: bytes, now: datetime) -> object:
    return _book(books, _read(body, Sale), -1, now)


def receive_payment(books: Agreement, body: bytes, now: datetime) -> object:
    wanted = _read(body, Receipt)
    named = wanted.entry if wanted.invoice is None else books.sale(wanted.invoice).entry_number
    item = None if named is None else books.entry(named)
    number = wanted.customer if item is None else item.customer_number
    customer = books.customer(number)
    currency = wanted.currency or (customer.currency if item is None else item.currency)
    amount = wanted.amount if wanted.amount is not None else Decimal()
    if item is not None and wanted.amount is None:
        amount = item.remainder
    if not amount:
        raise invalid("NothingToPay", "the payment has no amount")
    base = books.in_base(amount, currency)
    sides = [
        Movement(RECEIVABLES, -amount, -base, currency, customer=customer.number),
        Movement(BANK, amount, base, currency),
    ]
    sale = item.customer_invoice_number if item is not None else None
    text = f"Indbetaling {sale or ''}".strip()
    entered = _entered(wanted.entered_on, now)
    entry = bookkeeping.book(books, CUSTOMER_PAYMENT, wanted.booked_on, text, sides, entered)[0]
    if item is not None and wanted.match:
        pair = [item.entry_number, entry.entry_number]
        bookkeeping.match(books, pair, wanted.booked_on, now)
    return {"entryNumber": entry.entry_number}


def expect_payment(books: Agreement, body: bytes, now: datetime) -> object:
    wanted = _read(body, Expected)
    books.entry(wanted.entry)
    books.expected.append(wanted)
    live(books, now)
    return {"entry": wanted.entry}


def live(books: Agreement, now: datetime) -> None:
    """Who was expected to pay by now has paid, and somebody has matched it, unless nothing was left."""
    due = [one for one in books.expected if one.day <= now.date()]
    books.expected = [one for one in books.expected if one.day > now.date()]
    for one in due:
        left = books.entry(one.entry).remainder
        if left:
            amount = left if one.amount is None else min(one.amount, left)
            paid = Receipt(booked_on=one.day, entry=one.entry, amount=amount)
            receive_payment(books, msgspec.json.encode(paid), now)


def adjust(books: Agreement, body: bytes, now: datetime) -> object:
    wanted = _read(body, Adjustment)
    customer = books.customer(wanted.customer)
    currency = wanted.currency or customer.currency
    base = books.in_base(wanted.amount, currency)
    sides = [
        Movement(RECEIVABLES, wanted.amount, base, currency, customer=customer.number),
        Movement(SUSPENSE, -wanted.amount, -base, currency),
    ]
    entry = bookkeeping.book(books, OPENING_ENTRY, wanted.booked_on, "Primopostering", sides, now)
    return {"entryNumber": entry[0].entry_number}


def drift(books: Agreement, body: bytes, now: datetime) -> object:
    wanted = _read(body, Drift)
    sides = [
        Movement(RECEIVABLES, wanted.amount, wanted.amount, books.base_currency),
        Movement(SUSPENSE, -wanted.amount, -wanted.amount, books.base_currency),
    ]
    text = "Efterpostering"
    entry = bookkeeping.book(books, FINANCE_VOUCHER, wanted.booked_on, text, sides, now)[0]
    return {"entryNumber": entry.entry_number}


def lose_entry(books: Agreement, body: bytes, now: datetime) -> object:
    lost = books.entry(_read(body, Lost).entry)
    voucher = (lost.accounting_year, lost.voucher_number)
    books.entries = [
        entry for entry in books.entries
        if (entry.accounting_year, entry.voucher_number) != voucher
    ]  # fmt: skip
    books.sales = [sale for sale in books.sales if sale.entry_number != lost.entry_number]
    return {"entryNumber": lost.entry_number}


ACTIONS: Mapping[str, Action] = {
    "customers": add_customer,
    "change-customer": change_customer,
    "customer-invoices": book_invoice,
    "customer-credit-notes": book_credit_note,
    "customer-payments": receive_payment,
    "customer-adjustments": adjust,
    "expected-payments": expect_payment,
    "receivables-drift": drift,
    "lose-entry": lose_entry,
}


def _book(books: Agreement, wanted: Sale, sign: int, now: datetime) -> object:
    customer = books.customer(wanted.customer)
    currency = wanted.currency or customer.currency
    books.open_year(wanted.booked_on)
    rate = books.rate(currency)
    amount = sign * wanted.amount
    base = books.in_base(amount, currency)
    percent = VAT_RATES[wanted.vat_code or "I0"]
    vat, vat_base = (cents(part * percent / (100 + percent)) for part in (amount, base))
    number = _number(books, wanted)
    item = Movement(
        RECEIVABLES, amount, base, currency,
        customer=customer.number, sale=number, due_on=wanted.due_on,
    )  # fmt: skip
    sides = [item, Movement(wanted.account, vat - amount, vat_base - base, currency)]
    if vat_base:
        sides.append(Movement(OUTPUT_VAT, -vat, -vat_base, currency))
    title = "Faktura" if sign > 0 else "Kreditnota"
    kind = MANUAL_CUSTOMER_INVOICE if wanted.manual else CUSTOMER_INVOICE
    entered = _entered(wanted.entered_on, now)
    entry = bookkeeping.book(
        books, kind, wanted.booked_on, f"{title} {number}", sides, entered
    )[0]  # fmt: skip
    if not wanted.manual:
        books.sales.append(_sale(books, customer, wanted, entry, rate, vat, vat_base, title))
    if wanted.credits is not None and wanted.match:
        pair = [books.sale(wanted.credits).entry_number, entry.entry_number]
        bookkeeping.match(books, pair, wanted.booked_on, now)
    return {"entryNumber": entry.entry_number, "bookedInvoiceNumber": number}


def _number(books: Agreement, wanted: Sale) -> int:
    number = books.last_sale + 1 if wanted.number is None else wanted.number
    if any(sale.number == number for sale in books.sales):
        raise invalid("InvoiceNumberTaken", f"booked invoice {number} exists")
    books.last_sale = max(books.last_sale, number)
    return number


def _sale(
    books: Agreement,
    customer: Customer,
    wanted: Sale,
    entry: Entry,
    rate: Decimal,
    vat: Decimal,
    vat_base: Decimal,
    title: str,
) -> SalesInvoice:
    assert entry.customer_invoice_number is not None
    heading = None if wanted.credits is None else f"Krediterer faktura {wanted.credits}"
    invoice = SalesInvoice(
        number=entry.customer_invoice_number,
        entry_number=entry.entry_number,
        customer_number=customer.number,
        booked_on=wanted.booked_on,
        due_on=wanted.due_on,
        currency=entry.currency,
        rate=rate,
        vat=vat,
        vat_base=vat_base,
        other=wanted.other,
        heading=heading,
    )
    invoice.lines = paper.sale_lines(title, books, customer, invoice, abs(entry.amount))
    return invoice


def _entered(on: date | None, now: datetime) -> datetime:
    return now if on is None else datetime.combine(on, time(12), now.tzinfo)


def _said(wanted: Card) -> dict[str, Any]:
    """What the card says, under the names of the books."""
    said = {
        name: value
        for name in wanted.__struct_fields__
        if (value := getattr(wanted, name)) is not msgspec.UNSET
    }
    if "corporate_identification_number" in said:
        said["identification"] = said.pop("corporate_identification_number")
    return said


def _read(body: bytes, wanted: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=wanted)
    except msgspec.MsgspecError as error:
        raise invalid("InvalidBody", str(error)) from error
