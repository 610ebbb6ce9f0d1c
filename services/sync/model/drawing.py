"""An e-invoice as a sheet of paper: plain texts, in the order in which a person reads a bill.

What is drawn is what the document says, whatever was found against it: findings stand beside the
sheet, never on it. Words, numbers and dates are written by the reader's language, through
functions that the page passes in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.sync.model.einvoice import EInvoice, Kind, Line, Party
from shared.references.instruction import (
    CARDS,
    PaymentInstruction,
    reference_shown,
    shown,
)


@dataclass(frozen=True, slots=True)
class Formats:
    """How the reader's language writes things.

    ``money`` takes an amount in major units and its currency, and writes the amount alone;
    ``number`` a quantity; ``word`` an English label, translated.
    """

    money: Callable[[Decimal, str], str]
    number: Callable[[Decimal], str]
    day: Callable[[date], str]
    word: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Row:
    """A term and its value; ``strong`` for the one that is looked for."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class SheetLine:
    text: str
    quantity: str
    price: str
    total: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that stands on the paper, ready to be printed."""

    title: str
    sender: tuple[str, ...]
    facts: tuple[Row, ...]
    columns: tuple[str, str, str, str]
    lines: tuple[SheetLine, ...]
    totals: tuple[Row, ...]
    notes: tuple[str, ...]
    pay_by: Row | None


def draw(invoice: EInvoice, formats: Formats) -> Sheet:
    """The sheet of an invoice or credit note."""
    word = formats.word
    return Sheet(
        title=invoice.seller.name,
        sender=_sender(invoice.seller, formats),
        facts=tuple(_facts(invoice, formats)),
        columns=(word("Text"), word("Number"), word("Price"), word("Sum")),
        lines=(
            *(_line(line, invoice.currency, formats) for line in invoice.lines),
            *(
                SheetLine(
                    one.text or word("Allowance" if one.amount < 0 else "Charge"),
                    "",
                    "",
                    formats.money(one.amount, invoice.currency),
                )
                for one in invoice.adjustments
            ),
        ),
        totals=tuple(_totals(invoice, formats)),
        notes=invoice.notes,
        pay_by=_pay_by(invoice.instruction, formats) if invoice.instruction else None,
    )


def _sender(seller: Party, formats: Formats) -> tuple[str, ...]:
    number = seller.vat or seller.identifier
    address = ", ".join(seller.address)
    return tuple(
        part for part in (address, f"{formats.word('VAT no.')} {number}" if number else "") if part
    )


def _facts(invoice: EInvoice, formats: Formats) -> Iterator[Row]:
    word = formats.word
    credit = invoice.kind is Kind.CREDIT_NOTE
    yield Row(word("Credit note" if credit else "Invoice"), invoice.number)
    if invoice.issued_on:
        yield Row(word("Date"), formats.day(invoice.issued_on))
    if invoice.due_on:
        yield Row(word("Due"), formats.day(invoice.due_on), strong=True)
    buyer = ", ".join(part for part in (invoice.buyer.name, *invoice.buyer.address) if part)
    if buyer:
        yield Row(word("To"), buyer)
    if invoice.payee:
        yield Row(word("Paid to"), invoice.payee.name)
    references = (
        ("Credits invoice", invoice.invoice_reference if credit else None),
        ("Your order", invoice.order_reference),
        ("Your reference", invoice.buyer_reference),
    )
    for label, value in references:
        if value:
            yield Row(word(label), value)


def _line(line: Line, currency: str, formats: Formats) -> SheetLine:
    return SheetLine(
        line.text,
        "" if line.quantity is None else formats.number(line.quantity),
        "" if line.price is None else formats.money(line.price, currency),
        "" if line.total is None else formats.money(line.total, currency),
    )


def _totals(invoice: EInvoice, formats: Formats) -> Iterator[Row]:
    totals, word = invoice.totals, formats.word
    credit = invoice.kind is Kind.CREDIT_NOTE
    rows = (
        ("Before VAT", totals.net),
        ("VAT", totals.tax),
        ("Paid already", -totals.prepaid if totals.prepaid else None),
        ("Rounding", totals.rounding or None),
    )
    for label, amount in rows:
        if amount is not None:
            yield Row(word(label), formats.money(amount, invoice.currency))
    if totals.payable is not None:
        label = f"{word('Credited' if credit else 'To pay')}, {invoice.currency}"
        yield Row(label, formats.money(totals.payable, invoice.currency), strong=True)


def _pay_by(instruction: PaymentInstruction, formats: Formats) -> Row:
    return Row(formats.word("Pay by"), pay_line(instruction))


def pay_line(instruction: PaymentInstruction) -> str:
    """The instruction as people write it, e.g. `+71<026840149965328 +80882939<`."""
    parts = [shown(instruction), instruction.bic]
    if instruction.kind not in CARDS:
        # A card's code line holds its reference already.
        parts.append(reference_shown(instruction))
    return ", ".join(part for part in parts if part)
