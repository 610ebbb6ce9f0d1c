"""What changes the books: vouchers, drafts becoming vouchers, and items set off against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from simulators.economic.books import (
    EXCHANGE,
    INPUT_VAT,
    OUTPUT_VAT,
    PAYABLES,
    RECEIVABLES,
    VAT_RATES,
    Agreement,
    Draft,
    Entry,
    Pair,
    PaymentDetails,
    cents,
)
from simulators.economic.problems import invalid

CUSTOMER_INVOICE, CUSTOMER_PAYMENT, SUPPLIER_INVOICE, SUPPLIER_PAYMENT, FINANCE_VOUCHER = range(
    1, 6
)
OPENING_ENTRY, MANUAL_CUSTOMER_INVOICE = 7, 10
_OF_CUSTOMERS = frozenset({CUSTOMER_INVOICE, CUSTOMER_PAYMENT, MANUAL_CUSTOMER_INVOICE})
_OF_SUPPLIERS = frozenset({SUPPLIER_INVOICE, SUPPLIER_PAYMENT})
_HIGHEST_VOUCHER = 999_999_999
_LONGEST_TEXT = 250


@dataclass(frozen=True, slots=True)
class Movement:
    """One side of a voucher, before it has a number."""

    account: int
    amount: Decimal
    base_amount: Decimal
    currency: str
    supplier: int | None = None
    invoice: str | None = None
    customer: int | None = None
    sale: int | None = None
    due_on: date | None = None
    payment: PaymentDetails | None = None


def enter(books: Agreement, draft: Draft) -> int:
    """Put a line in its journal, unbooked, and give its entry number."""
    _check(books, draft)
    books.last_draft += 1
    draft.entry_number = books.last_draft
    if draft.voucher_number is None:
        draft.voucher_number = _next_voucher(books)
    books.drafts.append(draft)
    return draft.entry_number


def enter_all(books: Agreement, drafts: Sequence[Draft]) -> list[int]:
    """All lines or none."""
    for draft in drafts:
        _check(books, draft)
    return [enter(books, draft) for draft in drafts]


def book_drafts(books: Agreement, journal: int, numbers: Sequence[int], now: datetime) -> None:
    """Book the named drafts of a journal, all or none, and leave every other one alone."""
    if not numbers:
        raise invalid("EntryNumbersRequired", "name the entries to book")
    chosen = [_draft(books, journal, number) for number in numbers]
    for draft in chosen:
        _check(books, draft)
        books.open_year(day(draft.date))
    for draft in chosen:
        movements = _movements(books, draft)
        voucher = draft.voucher_number
        book(books, draft.entry_type_number, day(draft.date), draft.text, movements, now, voucher)
    books.drafts = [draft for draft in books.drafts if draft not in chosen]


def book(
    books: Agreement,
    entry_type: int,
    on: date,
    text: str,
    movements: Sequence[Movement],
    now: datetime,
    voucher: int | None = None,
) -> list[Entry]:
    """One voucher. Its movements add up to nothing, or it is a fault of the simulator."""
    assert not sum(movement.base_amount for movement in movements), "debit is not credit"
    year = books.open_year(on)
    number = _next_voucher(books) if voucher is None else voucher
    booked = []
    for movement in movements:
        books.last_entry += 1
        entry = Entry(
            entry_number=books.last_entry,
            type=entry_type,
            booked_on=on,
            created_at=now,
            accounting_year=year.id,
            voucher_number=number,
            account_number=movement.account,
            text=text,
            currency=movement.currency,
            amount=movement.amount,
            base_amount=movement.base_amount,
            supplier_number=movement.supplier,
            supplier_invoice_number=movement.invoice,
            customer_number=movement.customer,
            customer_invoice_number=movement.sale,
            due_on=movement.due_on,
            payment=movement.payment,
        )
        booked.append(entry)
    books.entries += booked
    return booked


def match(books: Agreement, numbers: Sequence[int], on: date, now: datetime) -> None:
    """Set debits off against credits of one party in one currency, oldest first."""
    items = [books.entry(number) for number in sorted(set(numbers))]
    if len(items) < 2:
        raise invalid("TooFewEntries", "a match needs two entries")
    books.open_year(on)
    if len({(item.party, item.currency) for item in items}) > 1:
        raise invalid("EntriesDoNotBelongTogether", "entries are of one party and one currency")
    debits = [item for item in items if item.party and item.remainder > 0]
    credits_ = [item for item in items if item.party and item.remainder < 0]
    if len(debits) + len(credits_) < len(items) or not debits or not credits_:
        raise invalid("NothingToMatch", "each entry needs a remainder, debit against credit")
    for debit in debits:
        for credit in credits_:
            amount = min(debit.remainder, -credit.remainder)
            if amount:
                _set_off(books, debit, credit, amount, on, now)


def unmatch(books: Agreement, numbers: Sequence[int], on: date, now: datetime) -> None:
    """Undo the matches among these entries, as a bookkeeper can and the interface cannot."""
    undone = [pair for pair in books.pairs if {pair.debit, pair.credit} <= set(numbers)]
    if not undone:
        raise invalid("NothingToUnmatch", "these entries are not matched with each other")
    books.open_year(on)
    books.pairs = [pair for pair in books.pairs if pair not in undone]
    for pair in undone:
        _give_back(books, books.entry(pair.debit), pair.amount, pair.debit_base)
        credit = books.entry(pair.credit)
        _give_back(books, credit, -pair.amount, pair.credit_base)
        _book_difference(books, credit, -(pair.debit_base + pair.credit_base), on, now)


def day(text: str) -> date:
    """A day as clients write it: with or without a time behind it."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise invalid("InvalidDate", f"{text} is not a date") from error


def _check(books: Agreement, draft: Draft) -> None:
    day(draft.date)
    if draft.amount != cents(draft.amount) or not draft.amount:
        raise invalid("InvalidAmount", "an amount has two decimals and is not zero")
    if len(draft.text) > _LONGEST_TEXT:
        raise invalid("TextTooLong", f"a text has at most {_LONGEST_TEXT} characters")
    if draft.voucher_number is not None and not 0 <= draft.voucher_number <= _HIGHEST_VOUCHER:
        raise invalid(
            "JournalEntryVoucherNumberNotWithinBoundaries", "the voucher number is out of range"
        )
    if draft.contra_vat_code is not None and draft.contra_vat_code not in VAT_RATES:
        raise invalid("VatCodeNotFound", f"VAT code {draft.contra_vat_code} does not exist")
    match draft.entry_type_number:
        case 3 | 4:
            books.supplier(draft.supplier_number)
        case 2 | 10:
            books.customer(draft.customer_number)
        case 5 if draft.account_number is None:
            raise invalid("AccountNumberRequired", "a finance voucher needs an account")
        case 5:
            pass
        case other:
            raise invalid("EntryTypeNotSupported", f"entry type {other} is not simulated")
    if draft.contra_account_number is None:
        raise invalid("ContraAccountRequired", "the line does not balance without a contra account")
    books.in_base(draft.amount, draft.currency, draft.exchange_rate)


def _draft(books: Agreement, journal: int, number: int) -> Draft:
    for draft in books.drafts:
        if draft.entry_number == number and draft.journal_number == journal:
            return draft
    raise invalid("DraftEntryNotFound", f"journal {journal} has no draft entry {number}")


def _movements(books: Agreement, draft: Draft) -> list[Movement]:
    base = books.in_base(draft.amount, draft.currency, draft.exchange_rate)
    assert draft.contra_account_number is not None
    of_supplier = draft.entry_type_number in _OF_SUPPLIERS
    of_customer = draft.entry_type_number in _OF_CUSTOMERS
    account = PAYABLES if of_supplier else RECEIVABLES if of_customer else draft.account_number
    main = Movement(
        account=account or 0,
        amount=draft.amount,
        base_amount=base,
        currency=draft.currency,
        supplier=draft.supplier_number if of_supplier else None,
        invoice=draft.supplier_invoice_number,
        customer=draft.customer_number if of_customer else None,
        sale=draft.customer_invoice_number if of_customer else None,
        due_on=None if draft.due_date is None else day(draft.due_date),
        payment=draft.supplier_payment,
    )
    percent = VAT_RATES.get(draft.contra_vat_code or "", Decimal())
    vat, vat_base = (cents(part * percent / (100 + percent)) for part in (draft.amount, base))
    contra = Movement(
        draft.contra_account_number, vat - draft.amount, vat_base - base, draft.currency
    )
    taxed = INPUT_VAT if of_supplier else OUTPUT_VAT
    tax = [Movement(taxed, -vat, -vat_base, draft.currency)] if vat_base else []
    return [main, contra, *tax]


def _set_off(
    books: Agreement, debit: Entry, credit: Entry, amount: Decimal, on: date, now: datetime
) -> None:
    debit_base = _share(debit, amount)
    credit_base = _share(credit, -amount)
    for item, part, part_base in ((debit, amount, debit_base), (credit, -amount, credit_base)):
        item.matched += part
        item.matched_base += part_base
        item.matched_on = on
    books.pairs.append(
        Pair(
            debit.entry_number,
            credit.entry_number,
            amount,
            debit.currency,
            debit_base,
            credit_base,
            on,
        )
    )
    _book_difference(books, debit, debit_base + credit_base, on, now)


def _share(item: Entry, part: Decimal) -> Decimal:
    """The part's share of the base amount; the last part takes what is left, to the cent."""
    if part == item.remainder:
        return item.base_amount - item.matched_base
    return cents(item.base_amount * part / item.amount)


def _give_back(books: Agreement, item: Entry, part: Decimal, part_base: Decimal) -> None:
    item.matched -= part
    item.matched_base -= part_base
    still = [pair.on for pair in books.pairs if item.entry_number in {pair.debit, pair.credit}]
    item.matched_on = max(still, default=None)


def _book_difference(
    books: Agreement, item: Entry, difference: Decimal, on: date, now: datetime
) -> None:
    """Items matched at two exchange rates leave a difference, which the system books by itself."""
    if difference:
        currency = books.base_currency
        sides = [
            Movement(item.account_number, -difference, -difference, currency),
            Movement(EXCHANGE, difference, difference, currency),
        ]
        book(books, FINANCE_VOUCHER, on, "Valutakursdifference", sides, now)


def _next_voucher(books: Agreement) -> int:
    books.last_voucher += 1
    return books.last_voucher
