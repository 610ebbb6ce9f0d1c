"""What e-conomic's records of customers mean in the words of the port.

A booked invoice has a field of other references and a heading; from memory and unverified: that a
credit note's heading names the invoice that it takes back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from services.sync.gateways.economic_wire import (
    CUSTOMER_INVOICE,
    CUSTOMER_PAYMENT,
    MANUAL_CUSTOMER_INVOICE,
    BookedEntry,
    CustomerRow,
    SalesRow,
    day,
)
from services.sync.gateways.ledger import EntryKind, VoucherRef
from services.sync.gateways.receivables import Customer, CustomerEntry, SalesDocument
from shared.money import Money

_INVOICES = frozenset({CUSTOMER_INVOICE, MANUAL_CUSTOMER_INVOICE})
_CREDITED = re.compile(r"\b(?:faktura|invoice)\b\D{0,6}(\d+)", re.IGNORECASE)


def customer(row: CustomerRow) -> Customer:
    return Customer(
        number=row.customer_number,
        name=row.name,
        currency=row.currency,
        street=row.address,
        postal_code=row.zip,
        city=row.city,
        country=row.country,
        email=row.email,
        mobile=row.mobile_phone,
        identification=row.corporate_identification_number,
        blocked=row.barred,
        layout=None if row.layout is None else row.layout.layout_number,
        updated_at=row.last_updated,
    )


def customer_entry(
    row: BookedEntry, base_currency: str, year_of: Callable[[date], str]
) -> CustomerEntry:
    if row.customer_number is None:
        raise ValueError("the entry has no customer")
    dated_on = day(row.date)
    return CustomerEntry(
        entry_number=row.entry_number,
        kind=_kind(row),
        customer_number=row.customer_number,
        invoice_number=row.customer_invoice_number,
        voucher=VoucherRef(year_of(dated_on), row.voucher_number),
        dated_on=dated_on,
        due_on=day(row.due_date) if row.due_date else None,
        amount=Money.of(row.amount, row.currency_code),
        amount_in_base=Money.of(row.amount_in_base_currency, base_currency),
        remaining=remaining(row),
        created_on=day(row.creation_date),
        matched_on=day(row.effective_match_date) if row.effective_match_date else None,
        mark=mark(row.text),
    )


def sales_document(row: SalesRow) -> SalesDocument:
    heading = "" if row.notes is None else row.notes.heading
    found = _CREDITED.search(heading)
    return SalesDocument(
        number=row.booked_invoice_number,
        other_reference="" if row.references is None else row.references.other.strip(),
        credits=None if found is None else int(found[1]),
    )


def remaining(row: BookedEntry) -> Money:
    # A missing remainder must never be read as nothing left: that would look like a payment.
    if row.remainder is None:
        raise ValueError(f"entry {row.entry_number} has no remainder")
    return Money.of(row.remainder, row.currency_code)


def mark(text: str) -> str | None:
    """A mark of ours at the end of a text: 26 letters and a number, and the line's ordinal."""
    found = re.search(r"(?<!\S)([A-Z2-7]{26}\.[0-9]+\.[1-9][0-9]*)$", text)
    return None if found is None else found[1]


def _kind(row: BookedEntry) -> EntryKind:
    if row.type == CUSTOMER_PAYMENT:
        return EntryKind.PAYMENT
    if row.type in _INVOICES and mark(row.text):
        return EntryKind.CHARGE
    if row.type in _INVOICES:
        return EntryKind.INVOICE if row.amount >= 0 else EntryKind.CREDIT_NOTE
    return EntryKind.OTHER
