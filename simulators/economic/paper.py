"""What the document of a booked invoice says, line by line, as `pdf` draws it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, Protocol

from simulators.economic.books import (
    Agreement,
    Customer,
    PaymentDetails,
    SalesInvoice,
    Supplier,
)
from simulators.economic.pdf import RULE

_CARDS: Final = {3: "71", 4: "73", 5: "75"}
"""e-conomic's numbers of the payment types that are slips, by the card's type."""
_OF_WHICH_VAT: Final = Decimal("0.2")  # 25 per cent on top, so a fifth of the whole


class Billed(Protocol):
    """What was booked: an invoice, or a credit note."""

    number: str
    amount: Decimal
    currency: str
    booked_on: date
    due_on: date | None
    payment: PaymentDetails | None


def lines(title: str, supplier: Supplier, to: str, billed: Billed) -> list[str]:
    """`title` is what the paper calls itself, `to` whom it is sent to."""
    due, payment = billed.due_on, billed.payment
    return [
        supplier.name,
        f"CVR {supplier.vat_number}" if supplier.vat_number else "",
        "",
        f"{title}\t{billed.number}",
        f"Dato\t{_day(billed.booked_on)}",
        *([f"Forfald\t{_day(due)}"] if due else []),
        f"Til\t{to}",
        "",
        RULE,
        f"Leverance efter aftale\t\t{_amount(billed.amount)}",
        f"Heraf moms 25 %\t\t{_amount(billed.amount * _OF_WHICH_VAT)}",
        RULE,
        f"I alt, {billed.currency}\t\t{_amount(billed.amount)}",
        "",
        *([f"Betales til\t{_road(payment)}"] if payment else []),
    ]


def sale_lines(
    title: str, books: Agreement, customer: Customer, invoice: SalesInvoice, amount: Decimal
) -> list[str]:
    """What the agreement's own company sends to its customer."""
    return [
        books.company_name,
        f"CVR {books.vat_number}",
        "",
        f"{title}\t{invoice.number}",
        f"Dato\t{_day(invoice.booked_on)}",
        *([f"Forfald\t{_day(invoice.due_on)}"] if invoice.due_on else []),
        f"Til\t{customer.name}",
        *([f"Øvrig ref.\t{invoice.other}"] if invoice.other else []),
        *([invoice.heading] if invoice.heading else []),
        "",
        RULE,
        f"Leverance efter aftale\t\t{_amount(amount)}",
        *([f"Heraf moms 25 %\t\t{_amount(abs(invoice.vat))}"] if invoice.vat else []),
        RULE,
        f"I alt, {invoice.currency}\t\t{_amount(amount)}",
    ]


def _day(value: date) -> str:
    return f"{value:%d.%m.%Y}"


def _amount(value: Decimal) -> str:
    """As Danes write it: 86.240,00."""
    return f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def _road(payment: PaymentDetails) -> str:
    card = _CARDS.get(payment.payment_type_number)
    if card is not None:
        return f"+{card}<{payment.creditor_invoice_id or ''}+{payment.creditor_id}<"
    return f"{payment.creditor_id}  {payment.message or ''}".strip()
