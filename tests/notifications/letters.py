"""A letter of each kind, as dunning would issue it, and everybody's names in clear."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.notifications.model.document import Addressed, Document, compose_document
from services.notifications.model.letters import letters_in
from services.notifications.model.texts import Language
from services.notifications.values import (
    Branding,
    LetterCharge,
    LetterCredit,
    LetterFacts,
    LetterKind,
    LetterLine,
    Span,
)
from shared.money import Money
from shared.references.instruction import InstructionKind, PaymentInstruction

FIRST, SECOND = UUID(int=11), UUID(int=12)
COUNTRY = {
    Language.DANISH: ("DK", "DKK"),
    Language.SWEDISH: ("SE", "SEK"),
    Language.NORWEGIAN: ("NO", "NOK"),
    Language.FINNISH: ("FI", "EUR"),
    Language.ENGLISH: ("DK", "EUR"),
}
PAID_TO = {
    "DKK": PaymentInstruction(InstructionKind.FIK71, "80882939", "026840149965328"),
    "SEK": PaymentInstruction(InstructionKind.BANKGIRO, "50501055", "1234574"),
    "NOK": PaymentInstruction(InstructionKind.NO_ACCOUNT, "86011117947", "123456782"),
    "EUR": PaymentInstruction(InstructionKind.IBAN, "FI2112345600000785", "RF341234561"),
}
LAW = {
    "DK": ("renteloven § 9 b", "renteloven § 5", "inkassoloven § 10"),
    "SE": ("lag (1981:739) 4 §", "räntelagen 6 §", "inkassolagen 5 §"),
    "NO": ("inkassoforskriften § 1-2", "forsinkelsesrenteloven § 2", "inkassoloven § 9"),
    "FI": ("perintälaki 10 a §", "korkolaki 4 §", "perintälaki 5 §"),
}
PEOPLE = {
    "DK": ("Fjordvig Byg ApS", "Værftsvej 12", "8000", "Aarhus C", "28 41 73 06", "Søren Ærø-Kjærgaard", "Strandvejen 4, 2. tv.", "2900 Hellerup"),
    "SE": ("Ekhammar Trä AB", "Industrigatan 5", "411 04", "Göteborg", "556677-8899", "Åsa Öberg", "Storgatan 18", "111 23 Stockholm"),
    "NO": ("Fjellvik Bygg AS", "Havnegata 3", "5003", "Bergen", "987 654 321", "Øystein Åsheim", "Bjørnveien 27", "0774 Oslo"),
    "FI": ("Rantala Rakennus Oy", "Satamakatu 9", "00160", "Helsinki", "1234567-8", "Päivi Mäkelä", "Kalevankatu 14 B 6", "00100 Helsinki"),
}  # fmt: skip


def facts_of(kind: LetterKind, language: Language) -> LetterFacts:
    country, currency = COUNTRY[language]
    fee, interest, warning = LAW[country]
    charged = kind in {LetterKind.CHARGED, LetterKind.WARNING}

    def money(minor: int) -> Money:
        return Money(minor, currency)

    base = money(1_250_000)
    charges = (
        LetterCharge(invoice_id=FIRST, kind="fee", amount=money(10_000), law=fee),
        LetterCharge(
            invoice_id=FIRST,
            kind="interest",
            amount=money(8_390),
            law=interest,
            unverified=country == "FI",
            spans=(
                Span(
                    from_on=date(2026, 2, 10),
                    through_on=date(2026, 3, 9),
                    days=28,
                    base=base,
                    rate="8.75",
                ),
            ),
        ),
    )
    line = LetterLine(
        invoice_id=FIRST,
        number="F-2026-1042",
        issued_on=date(2026, 1, 26),
        due_on=date(2026, 2, 9),
        gross=base,
        principal=base,
        charges=money(28_390 if kind is LetterKind.WARNING else 18_390 if charged else 0),
    )
    several = kind in {LetterKind.STATEMENT, LetterKind.REMINDER}
    other = LetterLine(
        invoice_id=SECOND,
        number="F-2026-1067",
        issued_on=date(2026, 2, 2),
        due_on=date(2026, 2, 16),
        gross=money(486_000),
        principal=money(286_000),
        charges=money(0),
    )
    lines = (line, other) if several else (line,)
    total = sum(one.principal.minor + one.charges.minor for one in lines)
    credit = LetterCredit(
        kind="payment", number="4711", dated_on=date(2026, 2, 20), remaining=money(50_000)
    )
    return LetterFacts(
        debtor_id=UUID(int=1),
        kind=kind,
        level={LetterKind.REMINDER: 1, LetterKind.CHARGED: 2}.get(kind, 3),
        language=language.value,
        currency=currency,
        issued_on=date(2026, 3, 9),
        valid_through_on=date(2026, 3, 10),
        lines=lines,
        charges=charges if charged else (),
        total=money(total),
        channels=("mail", "letter"),
        copies="embedded",
        deadline_on=None if kind is LetterKind.STATEMENT else date(2026, 3, 23),
        law=warning if kind is LetterKind.WARNING else "",
        credits=(credit,) if kind in {LetterKind.STATEMENT, LetterKind.CHARGED} else (),
    )


def addressed(language: Language) -> Addressed:
    country, currency = COUNTRY[language]
    creditor, street, code, city, number, debtor, *address = PEOPLE[country]
    second = {
        "DKK": "026840149965328",
        "SEK": "123455",
        "NOK": "12345674",
        "EUR": "RF332348236",
    }[currency]
    account = PAID_TO[currency]
    return Addressed(
        creditor=creditor,
        branding=Branding(
            street=street,
            postal_code=code,
            city=city,
            company_number=number,
            email="regnskab@fjordvig.example",
            phone="+45 86 12 34 56",
        ),
        country=country,
        debtor_name=debtor,
        customer_number="10482",
        address=tuple(address),
        accounts={
            FIRST: account,
            SECOND: PaymentInstruction(account.kind, account.account, second),
        },
        references={FIRST: [("case", "2026-118")], SECOND: [("registration", "AB 12 345")]},
        portal="https://forfald.example/d/9wXk2mQ0vT5r",
    )


def document_of(kind: LetterKind, language: Language) -> Document:
    texts = letters_in(language).texts[kind]
    return compose_document(facts_of(kind, language), texts, language, addressed(language))
