"""What e-conomic's records mean in the words of the port, and the port's postings in e-conomic's.

e-conomic's amounts carry the ledger's sign, so a debt to a supplier is negative there and positive
here. Which payment type has which number is unverified; an unknown one is read as `OTHER`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from services.sync.gateways import economic_sales_records as sales
from services.sync.gateways.economic_wire import (
    FINANCE_VOUCHER,
    MANUAL_CUSTOMER_INVOICE,
    SUPPLIER_INVOICE,
    SUPPLIER_PAYMENT,
    BookedEntry,
    DraftEntry,
    MarkedDraft,
    MarkedEntry,
    MatchedPair,
    Self,
    SupplierPayment,
    SupplierRow,
    day,
)
from services.sync.gateways.errors import Refused
from services.sync.gateways.ledger import (
    AccountLine,
    Agreement,
    ChargeLine,
    EntryKind,
    FoundLine,
    InvoiceLine,
    Match,
    PaymentDetails,
    PaymentLine,
    PaymentType,
    PostingLine,
    Supplier,
    SupplierEntry,
    VoucherRef,
)
from services.sync.gateways.receivables import OpenItem, PartyEntry
from shared.money import Money

YearOf = Callable[[date], str]

_TEXT_LIMIT = 250
_PAYMENT_TYPES = {
    1: PaymentType.BANK_ACCOUNT,
    2: PaymentType.IBAN,
    3: PaymentType.FIK_71,
    4: PaymentType.FIK_73,
    5: PaymentType.FIK_75,
    6: PaymentType.GIRO_01,
    7: PaymentType.GIRO_04,
    8: PaymentType.GIRO_15,
}
_PAYMENT_TYPE_NUMBERS = {type_: number for number, type_ in _PAYMENT_TYPES.items()}


def agreement(row: Self) -> Agreement:
    return Agreement(
        identity=str(row.agreement_number),
        company_name=row.company.name,
        vat_number=row.company.vat_number or row.company.company_identification_number,
        base_currency=row.settings.base_currency,
        modules=tuple(module.name for module in row.modules),
    )


def supplier(row: SupplierRow) -> Supplier:
    advice = row.remittance_advice
    details = None
    if advice is not None and advice.payment_type is not None:
        number = advice.payment_type.payment_type_number
        details = _details(SupplierPayment(number, advice.creditor_id or row.bank_account))
    return Supplier(
        number=row.supplier_number,
        name=row.name,
        vat_number=row.corporate_identification_number,
        currency=row.currency,
        blocked=row.barred,
        payment_details=details,
    )


def supplier_entry(row: BookedEntry, year_of: YearOf) -> SupplierEntry:
    if row.supplier_number is None:
        raise ValueError("the entry has no supplier")
    payment = row.supplier_payment
    dated_on = day(row.date)
    voucher = VoucherRef(year_of(dated_on), row.voucher_number)
    return SupplierEntry(
        entry_number=row.entry_number,
        kind=_kind(row),
        supplier_number=row.supplier_number,
        supplier_invoice_number=row.supplier_invoice_number,
        voucher=voucher,
        dated_on=dated_on,
        due_on=day(row.due_date) if row.due_date else None,
        amount=Money.of(-row.amount, row.currency_code),
        remaining=-sales.remaining(row),
        payment_details=None if payment is None else _details(payment),
        exported_to_bank_file=payment is not None and payment.exported_to_bank_file,
        document=voucher,
        created_on=day(row.creation_date),
        matched_on=day(row.effective_match_date) if row.effective_match_date else None,
        token=_token(row.text),
    )


def party_entry(row: BookedEntry, base_currency: str, year_of: YearOf) -> PartyEntry:
    if row.customer_number is not None:
        return sales.customer_entry(row, base_currency, year_of)
    return supplier_entry(row, year_of)


def open_item(row: BookedEntry, base_currency: str, year_of: YearOf) -> OpenItem:
    left_in_base = row.amount_in_base_currency - row.matched_amount_in_base_currency
    owed = left_in_base if row.customer_number is not None else -left_in_base
    return OpenItem(
        entry=party_entry(row, base_currency, year_of),
        remaining_in_base=Money.of(owed, base_currency),
    )


def match(row: MatchedPair) -> Match:
    return Match(
        entry_number=row.entry_number,
        against=row.matched_entry_number,
        amount=Money.of(abs(row.amount), row.currency_code),
        matched_on=day(row.match_date),
    )


def draft_entry(line: PostingLine, journal: int, voucher_on: date, mark: str) -> DraftEntry:
    """A line as the journal wants it, its mark the last word of its text."""
    text = f"{line.text[: _TEXT_LIMIT - len(mark) - 1]} {mark}"
    draft = DraftEntry(
        journal_number=journal,
        entry_type_number=FINANCE_VOUCHER,
        date=_midnight(voucher_on),
        amount=line.amount.decimal,
        currency=line.amount.currency,
        contra_account_number=line.contra_account,
        text=text,
    )
    match line:
        case AccountLine():
            draft.account_number = line.account
        case PaymentLine():
            draft.entry_type_number = SUPPLIER_PAYMENT
            draft.supplier_number = line.supplier_number
            draft.supplier_invoice_number = line.invoice_number
            draft.exchange_rate = None if line.rate is None else line.rate * 100
        case InvoiceLine():
            draft.entry_type_number = SUPPLIER_INVOICE
            draft.amount = -line.amount.decimal
            draft.supplier_number = line.supplier_number
            draft.supplier_invoice_number = line.invoice_number
            draft.due_date = None if line.due_on is None else _midnight(line.due_on)
            draft.contra_vat_code = line.contra_vat_code
            if line.payment_details is not None:
                draft.supplier_payment = _printed(line.payment_details)
        case ChargeLine():
            draft.entry_type_number = MANUAL_CUSTOMER_INVOICE
            draft.customer_number = line.customer_number
            draft.due_date = None if line.due_on is None else _midnight(line.due_on)
    return draft


def marked_draft(row: MarkedDraft, token: str) -> FoundLine | None:
    ordinal = _ordinal(row.text, token)
    if ordinal is None:
        return None
    return FoundLine(ordinal, day(row.date), draft_entry=row.entry_number)


def marked_vouchers(rows: Iterable[MarkedEntry], token: str, year_of: YearOf) -> list[FoundLine]:
    """One line per ordinal and voucher: a voucher has an entry on each account it moves."""
    found: dict[tuple[int, VoucherRef], FoundLine] = {}
    for row in rows:
        if (ordinal := _ordinal(row.text, token)) is None:
            continue
        booked_on = day(row.date)
        voucher = VoucherRef(year_of(booked_on), row.voucher_number)
        line = found.get((ordinal, voucher), FoundLine(ordinal, booked_on, voucher=voucher))
        if row.supplier_number is not None:
            line = replace(line, supplier_entry=row.entry_number)
        if row.customer_number is not None:
            line = replace(line, customer_entry=row.entry_number)
        found[ordinal, voucher] = line
    return list(found.values())


def _ordinal(text: str, token: str) -> int | None:
    """The n of a word `token.n` in the text: a longer token that begins the same is another's."""
    found = re.search(rf"(?<!\S){re.escape(token)}\.([1-9][0-9]*)(?!\S)", text)
    return None if found is None else int(found[1])


def _token(text: str) -> str | None:
    """The token in a mark of ours."""
    found = sales.mark(text)
    return None if found is None else found.rpartition(".")[0]


def _midnight(on: date) -> str:
    return f"{on.isoformat()}T00:00:00Z"


def _kind(row: BookedEntry) -> EntryKind:
    if row.type == SUPPLIER_PAYMENT:
        return EntryKind.PAYMENT
    if row.type == SUPPLIER_INVOICE:
        return EntryKind.INVOICE if row.amount <= 0 else EntryKind.CREDIT_NOTE
    return EntryKind.OTHER


def _details(payment: SupplierPayment) -> PaymentDetails:
    type_ = _PAYMENT_TYPES.get(payment.payment_type_number, PaymentType.OTHER)
    is_iban = type_ is PaymentType.IBAN
    return PaymentDetails(
        type=type_,
        creditor="" if is_iban else payment.creditor_id,
        reference=payment.creditor_invoice_id,
        message=payment.message,
        iban=payment.creditor_id if is_iban else "",
        bic=payment.bic,
    )


def _printed(details: PaymentDetails) -> SupplierPayment:
    if details.type not in _PAYMENT_TYPE_NUMBERS:
        raise Refused("PaymentTypeNotSupported", f"e-conomic has no payment type {details.type}")
    return SupplierPayment(
        payment_type_number=_PAYMENT_TYPE_NUMBERS[details.type],
        creditor_id=details.iban or details.creditor,
        creditor_invoice_id=details.reference,
        message=details.message,
        bic=details.bic,
    )
