"""Reading UBL 2.1 invoices and credit notes: Peppol BIS Billing 3 (with EHF) and OIOUBL 2.1.

``read`` is the one door. Whatever is an invoice is read to its end; what is wrong with it becomes
a finding, so the document can be kept and shown while its payment is blocked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from services.sync.model import ubl_doubts
from services.sync.model.einvoice import (
    ABSENT,
    DOUBTED,
    STATED,
    Adjustment,
    Dialect,
    EInvoice,
    Finding,
    Kind,
    Line,
    NotAnInvoice,
    Party,
    PaymentMeans,
    ReadField,
    Totals,
)
from services.sync.model.safe_xml import Element, parse
from services.sync.model.ubl_means import Setting, payment_means, ranked
from services.sync.model.ubl_path import Place, day, decimal
from shared.money import Money, MoneyError
from shared.references.instruction import PaymentInstruction

_SCHEMA: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_KINDS: Final = {
    (f"{_SCHEMA}Invoice-2", "Invoice"): Kind.INVOICE,
    (f"{_SCHEMA}CreditNote-2", "CreditNote"): Kind.CREDIT_NOTE,
}
# UNCL 1001 codes by which an Invoice element says that it is a credit note after all.
_CREDIT_TYPES: Final = frozenset({"261", "262", "296", "308", "381", "396", "420", "458", "532"})
_LINES: Final = {
    Kind.INVOICE: ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
    Kind.CREDIT_NOTE: ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
}
_SELLER: Final = "cac:AccountingSupplierParty/cac:Party"
_BUYER: Final = "cac:AccountingCustomerParty/cac:Party"
_PAYEE: Final = "cac:PayeeParty"
_TOTAL: Final = "cac:LegalMonetaryTotal"
_NAMES: Final = ("cac:PartyLegalEntity/cbc:RegistrationName", "cac:PartyName/cbc:Name")
_IDENTIFIERS: Final = (
    "cac:PartyLegalEntity/cbc:CompanyID",
    "cac:PartyIdentification/cbc:ID",
    "cbc:EndpointID",
)
# Moms in OIOUBL's tax scheme list.
_VAT_SCHEMES: Final = frozenset({"VAT", "63"})


def _below(parent: str, paths: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{parent}/{path}" for path in paths)


# The fields a person confirms, and where each stands: the first that has a text is it.
_FIELDS: Final = {
    "number": ("cbc:ID",),
    "issued_on": ("cbc:IssueDate",),
    "due_on": (
        "cbc:DueDate",
        "cac:PaymentMeans/cbc:PaymentDueDate",
        "cac:PaymentTerms/cbc:PaymentDueDate",
    ),
    "currency": ("cbc:DocumentCurrencyCode",),
    "to_pay": (f"{_TOTAL}/cbc:PayableAmount",),
    "gross": (f"{_TOTAL}/cbc:TaxInclusiveAmount",),
    "seller_name": _below(_SELLER, _NAMES),
    "seller_id": _below(_SELLER, _IDENTIFIERS),
    "buyer_name": _below(_BUYER, _NAMES),
    "buyer_id": _below(_BUYER, _IDENTIFIERS),
    "payee_name": _below(_PAYEE, ("cac:PartyName/cbc:Name", _NAMES[0])),
    "order_reference": ("cac:OrderReference/cbc:ID",),
    "buyer_reference": ("cbc:BuyerReference",),
    "invoice_reference": ("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID",),
}
# Shown where they are stated; nobody is asked to confirm that they are not.
_OPTIONAL: Final = frozenset(
    {"payee_name", "order_reference", "buyer_reference", "invoice_reference"}
)


def read(document: bytes) -> EInvoice:
    """The invoice that a document is. Raises ``UnsafeXml`` or ``NotAnInvoice`` and nothing else."""
    return _invoice(parse(document))


def _invoice(element: Element) -> EInvoice:
    written_as = _kind(element)
    root = Place(element, f"/{element.name}")
    type_code = root.value("cbc:InvoiceTypeCode")
    kind = Kind.CREDIT_NOTE if type_code in _CREDIT_TYPES else written_as
    found = {name: root.first(*paths) for name, paths in _FIELDS.items()}
    values = {name: place.text if place else None for name, place in found.items()}
    currency = values["currency"] or ""
    dialect = _dialect(root)
    seller = _party(root, _SELLER)
    payee = _party(root, _PAYEE) if values["payee_name"] else None
    means = payment_means(root, Setting(dialect, (seller.country or "").upper(), currency))
    chosen = next(iter(ranked(means)), None) if kind is Kind.INVOICE else None
    lines = tuple(_lines(root, written_as))
    adjustments = tuple(_adjustments(root))
    totals = _totals(root, dialect, currency, adjustments)
    issued_on = day(values["issued_on"] or "")
    due_on = _due_on(root, values["due_on"], chosen)
    findings = (
        *ubl_doubts.of_form(root, currency),
        *ubl_doubts.of_absence(values, kind),
        *ubl_doubts.of_dates(issued_on, due_on),
        *ubl_doubts.of_amount(totals.payable, currency, kind),
        *ubl_doubts.of_sums(totals, lines, adjustments, dialect),
        *(ubl_doubts.of_means(means) if kind is Kind.INVOICE else ()),
        *_of_payee(seller, payee),
    )
    return EInvoice(
        kind=kind,
        dialect=dialect,
        number=values["number"] or "",
        issued_on=issued_on,
        due_on=due_on,
        seller=seller,
        buyer=_party(root, _BUYER),
        payee=payee,
        currency=currency,
        lines=lines,
        adjustments=adjustments,
        totals=totals,
        to_pay=_money(totals.payable, currency),
        order_reference=values["order_reference"],
        buyer_reference=values["buyer_reference"],
        invoice_reference=values["invoice_reference"],
        notes=tuple(note.text for note in root.all("cbc:Note") if note.text),
        means=means,
        instruction=chosen.instruction if chosen else None,
        findings=findings,
        fields=tuple(_fields(found, chosen, kind, findings)),
    )


def _kind(root: Element) -> Kind:
    kind = _KINDS.get((root.namespace, root.name))
    if kind is None:
        text = f"the document is {root.name[:80]} of “{root.namespace[:120]}”"
        raise NotAnInvoice("unknown_document", f"{text}, not a UBL invoice or credit note")
    return kind


def _dialect(root: Place) -> Dialect:
    rules = root.value("cbc:CustomizationID") or ""
    return Dialect.OIOUBL if rules.upper().startswith("OIOUBL") else Dialect.PEPPOL


def _party(root: Place, path: str) -> Party:
    party = next(root.all(path), None)
    if party is None:
        return Party(name="")
    identifier = party.first(*_IDENTIFIERS)
    names = (_NAMES[1], _NAMES[0]) if path == _PAYEE else _NAMES
    return Party(
        name=party.value(*names) or "",
        identifier=identifier.text if identifier else None,
        scheme=identifier.element.attribute("schemeID") if identifier else None,
        vat=_vat(party),
        address=tuple(_address(party)),
        country=party.value("cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
    )


def _vat(party: Place) -> str | None:
    """The VAT number: Norway and Sweden state other registrations in the same place."""
    for scheme in party.all("cac:PartyTaxScheme"):
        if scheme.value("cac:TaxScheme/cbc:ID") in _VAT_SCHEMES:
            return scheme.value("cbc:CompanyID")
    return None


def _address(party: Place) -> Iterator[str]:
    address = next(party.all("cac:PostalAddress"), None)
    if address is None:
        return
    rows = (
        ("cbc:StreetName", "cbc:BuildingNumber"),
        ("cbc:AdditionalStreetName",),
        ("cac:AddressLine/cbc:Line",),
        ("cbc:PostalZone", "cbc:CityName"),
    )
    for row in rows:
        parts = [part for path in row if (part := address.value(path))]
        if parts:
            yield " ".join(parts)


def _lines(root: Place, written_as: Kind) -> Iterator[Line]:
    element, quantity = _LINES[written_as]
    for line in root.all(element):
        yield Line(
            text=line.value("cac:Item/cbc:Name", "cac:Item/cbc:Description", "cbc:Note") or "",
            quantity=_number(line, quantity),
            price=_number(line, "cac:Price/cbc:PriceAmount"),
            total=_number(line, "cbc:LineExtensionAmount"),
        )


def _adjustments(root: Place) -> Iterator[Adjustment]:
    for place in root.all("cac:AllowanceCharge"):
        amount = _number(place, "cbc:Amount")
        if amount is not None:
            charged = place.value("cbc:ChargeIndicator") == "true"
            text = place.value("cbc:AllowanceChargeReason") or ""
            yield Adjustment(text, amount if charged else -amount)


def _totals(
    root: Place, dialect: Dialect, currency: str, adjustments: Sequence[Adjustment]
) -> Totals:
    lines = _number(root, f"{_TOTAL}/cbc:LineExtensionAmount")
    excluded = _number(root, f"{_TOTAL}/cbc:TaxExclusiveAmount")
    stated = [_number(place, "cbc:TaxAmount") for place in _taxes(root, currency)]
    taxes = [tax for tax in stated if tax is not None]
    net = excluded
    if dialect is Dialect.OIOUBL and lines is not None:
        net = lines + sum((one.amount for one in adjustments), Decimal(0))
    return Totals(
        lines=lines,
        net=net,
        tax=sum(taxes, Decimal(0)) if taxes else None,
        gross=_number(root, f"{_TOTAL}/cbc:TaxInclusiveAmount"),
        prepaid=_number(root, f"{_TOTAL}/cbc:PrepaidAmount"),
        rounding=_number(root, f"{_TOTAL}/cbc:PayableRoundingAmount"),
        payable=_number(root, f"{_TOTAL}/cbc:PayableAmount"),
    )


def _taxes(root: Place, currency: str) -> Iterator[Place]:
    """The tax totals in the document's currency; a second one may state the seller's."""
    for place in root.all("cac:TaxTotal"):
        amount = next(place.all("cbc:TaxAmount"), None)
        if amount and amount.element.attribute("currencyID") in {None, currency}:
            yield place


def _number(place: Place, path: str) -> Decimal | None:
    written = place.value(path)
    return decimal(written) if written else None


def _money(amount: Decimal | None, currency: str) -> Money | None:
    if amount is None:
        return None
    try:
        return Money.of(amount, currency)
    except MoneyError:
        return None


def _due_on(root: Place, stated: str | None, chosen: PaymentMeans | None) -> date | None:
    """The document's due date; without one, that of the chosen means before any other's."""
    if root.value("cbc:DueDate") is None and chosen is not None and chosen.due_on is not None:
        return chosen.due_on
    return day(stated or "")


def _of_payee(seller: Party, payee: Party | None) -> Iterator[Finding]:
    if payee is not None and payee.name != seller.name:
        text = f"to be paid to {payee.name}, not to the seller"
        yield Finding("paid_to_another", "payee_name", text, blocks=False, stated=payee.name)


def _fields(
    found: dict[str, Place | None],
    chosen: PaymentMeans | None,
    kind: Kind,
    findings: Sequence[Finding],
) -> Iterator[ReadField]:
    doubted = {finding.field for finding in findings}
    for name, place in found.items():
        if place is not None:
            yield _field(name, place.text, place.path, doubted)
        elif name not in _OPTIONAL and (name, kind) != ("due_on", Kind.CREDIT_NOTE):
            yield ReadField(name, "", ABSENT, "")
    if chosen is not None and chosen.instruction is not None:
        for name, value in _parts(chosen.instruction):
            yield _field(name, value, chosen.source, doubted)
    elif kind is Kind.INVOICE:
        yield ReadField("account", "", ABSENT, "")


def _parts(instruction: PaymentInstruction) -> Iterator[tuple[str, str]]:
    yield "rail", instruction.kind.value
    yield "account", instruction.account
    if instruction.reference is not None:
        yield "reference", instruction.reference
    if instruction.bic is not None:
        yield "bic", instruction.bic


def _field(name: str, value: str, source: str, doubted: set[str]) -> ReadField:
    return ReadField(name, value, DOUBTED if name in doubted else STATED, source)
