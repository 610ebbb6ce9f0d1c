"""The simulated books as e-conomic shows them: false booleans and empty values are left out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from simulators.economic.books import (
    Agreement,
    Customer,
    Entry,
    Pair,
    Period,
    SalesInvoice,
    Supplier,
    Year,
    cents,
)

Shown = dict[str, Any]


def self_(books: Agreement) -> Shown:
    return {
        "agreementNumber": books.number,
        "company": {
            "name": books.company_name,
            "vatNumber": f"DK{books.vat_number}",
            "companyIdentificationNumber": books.vat_number,
        },
        "settings": {"baseCurrency": books.base_currency},
        "modules": [{"moduleNumber": n, "name": name} for n, name in enumerate(books.modules, 1)],
    }


def supplier(row: Supplier) -> Shown:
    advice = None
    if row.payment is not None:
        advice = {
            "paymentType": {"paymentTypeNumber": row.payment.payment_type_number},
            "creditorId": row.payment.creditor_id,
        }
    return _present(
        supplierNumber=row.number,
        name=row.name,
        currency=row.currency,
        corporateIdentificationNumber=row.vat_number,
        barred=row.barred or None,
        remittanceAdvice=advice,
    )


def customer(row: Customer) -> Shown:
    return _present(
        customerNumber=row.number,
        name=row.name,
        currency=row.currency,
        address=row.address,
        zip=row.zip,
        city=row.city,
        country=row.country,
        email=row.email,
        mobilePhone=row.mobile_phone,
        corporateIdentificationNumber=row.identification,
        barred=row.barred or None,
        paymentTerms={"paymentTermsNumber": row.payment_terms},
        layout=None if row.layout is None else {"layoutNumber": row.layout},
        lastUpdated=None if row.updated_at is None else _zulu(row.updated_at),
    )


def sale(row: SalesInvoice, item: Entry, to: Customer) -> Shown:
    """A booked invoice with its entry; a credit note is one with negative amounts."""
    left_in_base = item.base_amount - item.matched_base
    return _present(
        bookedInvoiceNumber=row.number,
        date=row.booked_on.isoformat(),
        dueDate=None if row.due_on is None else row.due_on.isoformat(),
        currency=row.currency,
        exchangeRate=row.rate,
        netAmount=item.amount - row.vat,
        netAmountInBaseCurrency=item.base_amount - row.vat_base,
        grossAmount=item.amount,
        grossAmountInBaseCurrency=item.base_amount,
        vatAmount=row.vat,
        roundingAmount=cents(Decimal()),
        remainder=item.remainder,
        remainderInBaseCurrency=left_in_base,
        customer={"customerNumber": row.customer_number},
        recipient=_recipient(to),
        paymentTerms={"paymentTermsNumber": to.payment_terms},
        references=None if row.other is None else {"other": row.other},
        notes=None if row.heading is None else {"heading": row.heading},
        pdf={"download": f"/invoices/booked/{row.number}/pdf"},
    )


def _recipient(row: Customer) -> Shown:
    return _present(
        name=row.name, address=row.address, zip=row.zip, city=row.city, country=row.country
    )


def entry(row: Entry) -> Shown:
    on_ledger = row.party is not None
    return _present(
        entryNumber=row.entry_number,
        type=row.type,
        date=_midnight(row.booked_on),
        creationDate=row.created_at.isoformat(timespec="seconds"),
        voucherNumber=row.voucher_number,
        accountNumber=row.account_number,
        currencyCode=row.currency,
        amount=row.amount,
        amountInBaseCurrency=row.base_amount,
        text=row.text,
        supplierNumber=row.supplier_number,
        supplierInvoiceNumber=row.supplier_invoice_number,
        customerNumber=row.customer_number,
        customerInvoiceNumber=row.customer_invoice_number,
        dueDate=_midnight(row.due_on),
        remainder=row.remainder if on_ledger else None,
        matchedAmount=row.matched if on_ledger else None,
        matchedAmountInBaseCurrency=row.matched_base if on_ledger else None,
        effectiveMatchDate=_midnight(row.matched_on),
        supplierPayment=row.payment,
    )


ENTRY_FILTERS = {
    "entryNumber": int,
    "type": int,
    "date": date,
    "voucherNumber": int,
    "accountNumber": int,
    "supplierNumber": int,
    "supplierInvoiceNumber": str,
    "customerNumber": int,
    "customerInvoiceNumber": int,
    "remainder": Decimal,
    "currencyCode": str,
}
# Neither text nor amount: read in the vendor's change log of journals 5.0.0.
DRAFT_FILTERS = {"entryNumber": int, "journalNumber": int, "voucherNumber": int}
PAIR_FILTERS = {"entryNumber": int, "matchedEntryNumber": int}
ATTACHMENT_FILTERS = {"number": int, "accountingYear": str, "voucherNumber": int}
SUPPLIER_FILTERS = {"supplierNumber": int, "name": str, "currency": str}
CUSTOMER_FILTERS = {"customerNumber": int, "name": str, "currency": str, "lastUpdated": datetime}
SALE_FILTERS = {"bookedInvoiceNumber": int, "date": date, "currency": str}


def pairs(row: Pair) -> list[Shown]:
    """A pair seen from either side, so that one filter finds an entry's matches."""
    return [
        {
            "entryNumber": mine,
            "matchedEntryNumber": other,
            "amount": row.amount,
            "currencyCode": row.currency,
            "matchDate": _midnight(row.on),
        }
        for mine, other in ((row.debit, row.credit), (row.credit, row.debit))
    ]


def year(row: Year) -> Shown:
    return {"year": row.id, **period(row)}


def period(row: Period) -> Shown:
    return _present(
        fromDate=row.from_on.isoformat(), toDate=row.to_on.isoformat(), closed=row.closed or None
    )


def audit(books: Agreement) -> Shown:
    """All that an independent checker needs to judge the books by itself."""
    vouchers: dict[tuple[str, int], list[Entry]] = {}
    accounts: dict[int, Decimal] = {}
    suppliers: dict[int, Decimal] = {}
    customers: dict[int, Decimal] = {}
    for row in books.entries:
        vouchers.setdefault((row.accounting_year, row.voucher_number), []).append(row)
        accounts[row.account_number] = accounts.get(row.account_number, Decimal()) + row.base_amount
        if row.supplier_number is not None:
            owed = suppliers.get(row.supplier_number, Decimal())
            suppliers[row.supplier_number] = owed + row.base_amount
        if row.customer_number is not None:
            owed = customers.get(row.customer_number, Decimal())
            customers[row.customer_number] = owed + row.base_amount
    return {
        "agreementNumber": books.number,
        "companyName": books.company_name,
        "baseCurrency": books.base_currency,
        "vouchers": [
            {
                "accountingYear": accounting_year,
                "voucherNumber": number,
                "debit": sum((row.base_amount for row in rows if row.base_amount > 0), Decimal()),
                "credit": -sum((row.base_amount for row in rows if row.base_amount < 0), Decimal()),
                "entries": [entry(row) for row in rows],
            }
            for (accounting_year, number), rows in vouchers.items()
        ],
        "drafts": books.drafts,
        "matchedPairs": [pairs(row)[0] for row in books.pairs],
        "accountBalances": {str(number): accounts[number] for number in sorted(accounts)},
        "supplierBalances": {str(number): suppliers[number] for number in sorted(suppliers)},
        "customerBalances": {str(number): customers[number] for number in sorted(customers)},
    }


def _present(**values: Any) -> Shown:
    return {name: value for name, value in values.items() if value is not None}


def _zulu(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _midnight(on: date | None) -> str | None:
    """A day in the vendor's form, which has a time and no zone."""
    return None if on is None else f"{on.isoformat()}T00:00:00"
