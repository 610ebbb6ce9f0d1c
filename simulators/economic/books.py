"""What the simulated e-conomic remembers: agreements, each with its books, kept in one JSON file.

Amounts carry the ledger's sign: debit positive, credit negative, so a debt to a supplier is
negative. An exchange rate is the price of 100 units in base currency.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import msgspec

from simulators.economic.problems import ProblemError, invalid
from simulators.keeping import replace_whole

PAYABLES, BANK, INPUT_VAT, EXCHANGE, SUSPENSE = 6800, 5820, 6903, 4380, 9999
RECEIVABLES, OUTPUT_VAT = 5600, 6902
VAT_RATES = {"I25": Decimal(25), "I0": Decimal(0), "U25": Decimal(25)}
_PAR = Decimal(100)
RATES = {
    "DKK": _PAR, "EUR": Decimal(746), "USD": Decimal(695), "SEK": Decimal(66), "NOK": Decimal(64),
}  # fmt: skip


class PaymentDetails(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """As registered on an entry. The same shape is read and written on the wire."""

    payment_type_number: int
    creditor_id: str = ""
    creditor_invoice_id: str = ""
    message: str = ""
    bic: str = ""
    exported_to_bank_file: bool = False


class Supplier(msgspec.Struct):
    number: int
    name: str
    currency: str = "DKK"
    vat_number: str | None = None
    barred: bool = False
    payment: PaymentDetails | None = None


class Customer(msgspec.Struct, kw_only=True):
    """A customer's card. `identification` is a company's number or a person's, as in e-conomic."""

    number: int
    name: str
    currency: str = "DKK"
    address: str | None = None
    zip: str | None = None
    city: str | None = None
    country: str | None = None
    email: str | None = None
    mobile_phone: str | None = None
    identification: str | None = None
    barred: bool = False
    payment_terms: int = 1
    layout: int | None = None
    updated_at: datetime | None = None


class SalesInvoice(msgspec.Struct, kw_only=True):
    """A booked invoice, or with negative amounts a credit note, and the entry that it made."""

    number: int
    entry_number: int
    customer_number: int
    booked_on: date
    due_on: date | None
    currency: str
    rate: Decimal
    vat: Decimal
    vat_base: Decimal
    other: str | None = None
    heading: str | None = None
    lines: list[str] = msgspec.field(default_factory=list)


class Entry(msgspec.Struct, kw_only=True):
    """One booked movement on one account; on a control account also a party's item."""

    entry_number: int
    type: int
    booked_on: date
    created_at: datetime
    accounting_year: str
    voucher_number: int
    account_number: int
    text: str
    currency: str
    amount: Decimal
    base_amount: Decimal
    supplier_number: int | None = None
    supplier_invoice_number: str | None = None
    customer_number: int | None = None
    customer_invoice_number: int | None = None
    due_on: date | None = None
    payment: PaymentDetails | None = None
    matched: Decimal = Decimal()
    matched_base: Decimal = Decimal()
    matched_on: date | None = None

    @property
    def remainder(self) -> Decimal:
        return self.amount - self.matched

    @property
    def party(self) -> tuple[str, int] | None:
        """Whose item it is; none on an account that belongs to nobody."""
        if self.customer_number is not None:
            return "customer", self.customer_number
        return None if self.supplier_number is None else ("supplier", self.supplier_number)


class Draft(msgspec.Struct, rename="camel", kw_only=True, omit_defaults=True):
    """A line of a journal, not yet booked."""

    journal_number: int
    entry_type_number: int
    date: str
    amount: Decimal
    currency: str
    text: str = ""
    contra_account_number: int | None = None
    entry_number: int | None = None
    voucher_number: int | None = None
    account_number: int | None = None
    supplier_number: int | None = None
    supplier_invoice_number: str | None = None
    customer_number: int | None = None
    customer_invoice_number: int | None = None
    due_date: str | None = None
    contra_vat_code: str | None = None
    exchange_rate: Decimal | None = None
    supplier_payment: PaymentDetails | None = None


class Pair(msgspec.Struct):
    """A debit and a credit set off against each other, with what each gave up in base currency."""

    debit: int
    credit: int
    amount: Decimal
    currency: str
    debit_base: Decimal
    credit_base: Decimal
    on: date


class Period(msgspec.Struct):
    from_on: date
    to_on: date
    closed: bool = False

    def holds(self, on: date) -> bool:
        return self.from_on <= on <= self.to_on


class Year(Period, kw_only=True):
    id: str
    periods: list[Period]


class Attachment(msgspec.Struct):
    """A document of a voucher: the lines of text that its PDF shows."""

    number: int
    accounting_year: str
    voucher_number: int
    lines: list[str]


class Expected(msgspec.Struct, kw_only=True):
    """A customer who will pay: an entry, all of it or a part, when its day has come."""

    entry: int
    day: date
    amount: Decimal | None = None


class Agreement(msgspec.Struct, kw_only=True):
    """One company's books, opened by its grant token."""

    number: int
    grant: str
    company_name: str
    vat_number: str
    base_currency: str = "DKK"
    modules: list[str] = msgspec.field(default_factory=list)
    api_access: bool = True
    rates: dict[str, Decimal] = msgspec.field(default_factory=dict)
    suppliers: list[Supplier] = msgspec.field(default_factory=list)
    customers: list[Customer] = msgspec.field(default_factory=list)
    sales: list[SalesInvoice] = msgspec.field(default_factory=list)
    years: list[Year] = msgspec.field(default_factory=list)
    entries: list[Entry] = msgspec.field(default_factory=list)
    drafts: list[Draft] = msgspec.field(default_factory=list)
    pairs: list[Pair] = msgspec.field(default_factory=list)
    attachments: list[Attachment] = msgspec.field(default_factory=list)
    expected: list[Expected] = msgspec.field(default_factory=list)
    last_entry: int = 0
    last_draft: int = 0
    last_voucher: int = 0
    last_sale: int = 0

    def customer(self, number: int | None) -> Customer:
        for customer in self.customers:
            if customer.number == number:
                return customer
        raise invalid("CustomerNotFound", f"customer {number} does not exist")

    def sale(self, number: int) -> SalesInvoice:
        for sale in self.sales:
            if sale.number == number:
                return sale
        raise invalid("InvoiceNotFound", f"booked invoice {number} does not exist")

    def supplier(self, number: int | None) -> Supplier:
        for supplier in self.suppliers:
            if supplier.number == number:
                return supplier
        raise invalid("SupplierNotFound", f"supplier {number} does not exist")

    def entry(self, number: int) -> Entry:
        # They are booked in the order of their numbers.
        at = bisect_left(self.entries, number, key=lambda entry: entry.entry_number)
        if at < len(self.entries) and self.entries[at].entry_number == number:
            return self.entries[at]
        raise invalid("EntryNotFound", f"entry {number} does not exist")

    def open_year(self, on: date) -> Year:
        """The year that a voucher of this day belongs to, if year and period are open."""
        for year in self.years:
            if year.holds(on):
                if year.closed or any(part.closed for part in year.periods if part.holds(on)):
                    raise invalid(
                        "AccountingPeriodClosed",
                        f"the period of {on.isoformat()} is closed",
                        "Use a date in an open period.",
                    )
                return year
        raise invalid("AccountingYearNotFound", f"no accounting year holds {on.isoformat()}")

    def in_base(self, amount: Decimal, currency: str, rate: Decimal | None = None) -> Decimal:
        if currency == self.base_currency:
            return amount
        return cents(amount * self.rate(currency, rate) / 100)

    def rate(self, currency: str, rate: Decimal | None = None) -> Decimal:
        """The price of 100 units: the one that is given, else the day's."""
        known = {**self.rates, self.base_currency: Decimal(100)}
        per_hundred = known.get(currency) if rate is None else rate
        if per_hundred is None:
            raise invalid("CurrencyNotFound", f"there is no exchange rate for {currency}")
        return per_hundred


class Books:
    """All agreements; written to the file after each change, if there is one."""

    def __init__(self, agreements: Iterable[Agreement] = (), path: Path | None = None) -> None:
        self._agreements = {agreement.grant: agreement for agreement in agreements}
        self._path = path

    @classmethod
    def load(cls, path: Path) -> Books:
        """The books as the file has them, or empty ones where there is no file yet."""
        stored = path.read_bytes() if path.exists() else b"[]"
        return cls(msgspec.json.decode(stored, type=list[Agreement]), path)

    def __iter__(self) -> Iterator[Agreement]:
        return iter(self._agreements.values())

    def add(self, agreement: Agreement) -> None:
        if agreement.grant in self._agreements or self.numbered(agreement.number) is not None:
            raise invalid("AgreementExists", f"agreement {agreement.number} or its grant is taken")
        self._agreements[agreement.grant] = agreement

    def granted(self, token: str) -> Agreement | None:
        return self._agreements.get(token)

    def numbered(self, number: int) -> Agreement | None:
        return next((each for each in self if each.number == number), None)

    def save(self) -> None:
        if self._path is not None:
            replace_whole(self._path, msgspec.json.encode(list(self)))


def open_agreement(
    number: int,
    grant: str,
    company_name: str,
    vat_number: str = "10103940",
    first_days: tuple[date, ...] = (date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1)),
    base_currency: str = "DKK",
) -> Agreement:
    """New books with accounting years from the given first days, each of twelve open months.

    Rates are those of the Danish krone, crossed where another currency is the books' own.
    """
    own = RATES[base_currency]
    return Agreement(
        number=number,
        grant=grant,
        company_name=company_name,
        vat_number=vat_number,
        modules=["Udvidet kreditor"],
        years=[accounting_year(day) for day in first_days],
        base_currency=base_currency,
        rates={
            currency: rate if own == _PAR else cents(rate * 100 / own)
            for currency, rate in RATES.items()
            if currency != base_currency
        },
    )


def accounting_year(first: date) -> Year:
    """Twelve months from a first of a month: `2026`, or `2025/2026` where it spans two years."""
    starts = [_month_after(first, n) for n in range(13)]
    months = [Period(start, following - timedelta(days=1)) for start, following in pairwise(starts)]
    last = months[-1].to_on
    name = str(first.year) if first.year == last.year else f"{first.year}/{last.year}"
    return Year(id=name, from_on=first, to_on=last, periods=months)


def _month_after(first: date, n: int) -> date:
    years, month = divmod(first.month - 1 + n, 12)
    return date(first.year + years, month + 1, 1)


def cents(amount: Decimal) -> Decimal:
    """Half up to two decimals, which all currencies of the simulated books have."""
    return amount.quantize(Decimal("0.01"), "ROUND_HALF_UP")


def denied(agreement: Agreement | None) -> ProblemError | None:
    """Whether a request may go on: 401 without a valid grant, 403 where the plan lacks API access."""
    if agreement is None:
        return ProblemError(401, "Unauthorized", "the grant is not known", "Ask for a new grant.")
    if not agreement.api_access:
        return ProblemError(403, "Forbidden", "the plan does not include access by API")
    return None
