"""An e-invoice as read: what the document says, how it can be paid, and what stands against it.

A document that is an invoice at all is always kept and shown; whatever is wrong with it is a
finding beside it, and a finding that blocks keeps it from being paid until a person has answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from shared.money import Money
from shared.references.instruction import PaymentInstruction

# How sure a value is that was read from a structured document.
STATED: Final = Decimal(1)
DOUBTED: Final = Decimal("0.5")
ABSENT: Final = Decimal(0)


class NotAnInvoice(Exception):
    """Well-formed XML, but no invoice and no credit note. ``code`` is stable.

    Codes: ``unknown_document``.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class Kind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class Dialect(StrEnum):
    """The rules the document follows: they differ in where a payment stands and what a sum means."""

    PEPPOL = "peppol"
    OIOUBL = "oioubl"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know; ``blocks`` when nothing may be paid before it is answered.

    ``field`` is a name of ``ReadField``, or ``lines`` or ``document``. ``stated`` is what stands in
    the document and ``expected`` what should have, as they are written, where that says more than
    the code does: a page makes its sentence of them, ``text`` is the one for logs.
    """

    code: str
    field: str
    text: str
    blocks: bool
    stated: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class ReadField:
    """One value, how sure it is (1 stated, 0.5 stated but doubted, 0 absent), and where it stands.

    ``value`` is as the document writes it; ``source`` is its path, empty when it is absent.
    """

    name: str
    value: str
    confidence: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Party:
    """A seller, buyer or payee. ``scheme`` is the list its identifier is from, e.g. ``0184``."""

    name: str
    identifier: str | None = None
    scheme: str | None = None
    vat: str | None = None
    address: tuple[str, ...] = ()
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line; amounts in major units, as many decimals as were written."""

    text: str
    quantity: Decimal | None
    price: Decimal | None
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance (negative) or charge on the whole document."""

    text: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """The document's sums in major units, as written; None where it states none.

    ``net`` is before tax: OIOUBL's TaxExclusiveAmount is the tax itself, so there it is the lines
    with their adjustments.
    """

    lines: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None


class Road(StrEnum):
    """What a payment means asks of the payer."""

    TRANSFER = "transfer"
    DIRECT_DEBIT = "direct_debit"
    NEMKONTO = "nemkonto"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PaymentMeans:
    """A way to pay as the document offers it; ``instruction`` when we could pay by it.

    ``payers`` when what it names is the payer's own: an account to be drawn on, not paid to.
    ``text`` is a reference that goes along as free text, since no rail would check it.
    """

    source: str
    code: str
    road: Road
    payers: bool
    account: str | None
    instruction: PaymentInstruction | None
    text: str | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class EInvoice:
    """An invoice or credit note received as a structured document.

    ``to_pay`` is LegalMonetaryTotal/PayableAmount where that is an amount of money; ``instruction``
    is how it would be paid, present only on an invoice, and never a reason to pay by itself:
    ask ``blocked``.
    """

    kind: Kind
    dialect: Dialect
    number: str
    issued_on: date | None
    due_on: date | None
    seller: Party
    buyer: Party
    payee: Party | None
    currency: str
    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    totals: Totals
    to_pay: Money | None
    order_reference: str | None
    buyer_reference: str | None
    invoice_reference: str | None
    notes: tuple[str, ...]
    means: tuple[PaymentMeans, ...]
    instruction: PaymentInstruction | None
    findings: tuple[Finding, ...]
    fields: tuple[ReadField, ...]

    @property
    def blocked(self) -> bool:
        """Whether anything found keeps the document from being paid."""
        return any(finding.blocks for finding in self.findings)
