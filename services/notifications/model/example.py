"""A letter about nobody, for looking at one's own words before they are kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from services.notifications.model.document import Addressed
from services.notifications.model.texts import Language
from services.notifications.values import (
    Branding,
    LetterCharge,
    LetterFacts,
    LetterKind,
    LetterLine,
)
from shared.money import Money
from shared.references.instruction import InstructionKind, PaymentInstruction

_INVOICE: Final = UUID(int=1)
_CURRENCIES: Final = {"DK": "DKK", "SE": "SEK", "NO": "NOK"}
# The paragraphs stand for those that dunning will name: a fee, and the law of a warning.
_LAWS: Final = {
    "DK": ("renteloven § 9 b", "inkassoloven § 10"),
    "SE": ("lag (1981:739) 4 §", "inkassolagen 5 §"),
    "NO": ("inkassoforskriften § 1-2", "inkassoloven § 9"),
    "FI": ("perintälaki 10 a §", "perintälaki 5 §"),
}
_PAID_TO: Final = {
    "DKK": PaymentInstruction(InstructionKind.FIK71, "80882939", "026840149965328"),
    "SEK": PaymentInstruction(InstructionKind.BANKGIRO, "50501055", "1234574"),
    "NOK": PaymentInstruction(InstructionKind.NO_ACCOUNT, "86011117947", "123456782"),
    "EUR": PaymentInstruction(InstructionKind.IBAN, "FI2112345600000785", "RF341234561"),
}
_NAMES: Final = {
    Language.DANISH: ("Eksempel ApS", "Eksempelvej 1", "1000 Eksempelby"),
    Language.SWEDISH: ("Exempel AB", "Exempelgatan 1", "100 00 Exempelstad"),
    Language.NORWEGIAN: ("Eksempel AS", "Eksempelveien 1", "0100 Eksempelby"),
    Language.FINNISH: ("Esimerkki Oy", "Esimerkkikatu 1", "00100 Esimerkkilä"),
    Language.ENGLISH: ("Example Ltd", "1 Example Street", "1000 Exampletown"),
}


def example_facts(kind: LetterKind, language: Language, country: str, today: date) -> LetterFacts:
    currency = _CURRENCIES.get(country, "EUR")
    fee, warning = _LAWS.get(country, _LAWS["DK"])
    charged = kind in {LetterKind.CHARGED, LetterKind.WARNING}
    principal, charge = Money(1_000_000, currency), Money(10_000 if charged else 0, currency)
    line = LetterLine(
        invoice_id=_INVOICE,
        number="10001",
        issued_on=today - timedelta(days=40),
        due_on=today - timedelta(days=20),
        gross=principal,
        principal=principal,
        charges=charge,
    )
    return LetterFacts(
        debtor_id=UUID(int=0),
        kind=kind,
        level=1,
        language=language.value,
        currency=currency,
        issued_on=today,
        valid_through_on=today,
        lines=(line,),
        charges=(LetterCharge(invoice_id=_INVOICE, kind="fee", amount=charge, law=fee),)
        if charged
        else (),
        total=principal + charge,
        channels=(),
        copies="none",
        deadline_on=None if kind is LetterKind.STATEMENT else today + timedelta(days=14),
        law=warning if kind is LetterKind.WARNING else "",
    )


def example_addressed(
    creditor: str, branding: Branding, country: str, language: Language
) -> Addressed:
    name, *address = _NAMES[language]
    return Addressed(
        creditor=creditor,
        branding=branding,
        country=country,
        debtor_name=name,
        customer_number="1",
        address=tuple(address),
        accounts={_INVOICE: _PAID_TO[_CURRENCIES.get(country, "EUR")]},
        references={},
        portal="",
    )
