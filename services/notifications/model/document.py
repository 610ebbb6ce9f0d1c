"""What a letter says, as data: the same for the printed letter, the mail and a page.

Everything in it is written out in the reader's language; whoever sets it in type adds no word. Composing
twice gives the same document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec
from babel.dates import format_date
from babel.numbers import format_decimal

from services.notifications.model.letter_texts import CLAUSES, LetterTexts, paragraphs
from services.notifications.model.letters import letters_in
from services.notifications.model.letters.words import LetterWords
from services.notifications.model.mail import one_line
from services.notifications.model.payment_slip import Owed, code, slip_lines
from services.notifications.model.texts import Language
from services.notifications.model.wording import fill, plain
from services.notifications.values import Branding, LetterCharge, LetterFacts, LetterKind
from shared.money import Money, exponent
from shared.references.instruction import PaymentInstruction

DESIGN: Final = "2026.1"
"""Stands in every document's version; raised with each change of what letters look like or say."""


class Fact(msgspec.Struct, frozen=True):
    label: str
    value: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One invoice, or one credit with a negative sum. `references` stand below its number."""

    number: str
    references: str
    issued_on: str
    due_on: str
    gross: str
    open: str
    charges: str
    total: str


class ChargeRow(msgspec.Struct, frozen=True, kw_only=True):
    what: str
    how: str
    law: str
    amount: str


class SlipRow(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    account: str
    reference_label: str
    reference: str
    amount: str


class Paragraph(msgspec.Struct, frozen=True):
    """`clause` is the name of the mandatory clause that it is; empty for the creditor's own words."""

    text: str
    clause: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    language: str
    title: str
    issued_on: date
    sender: str
    sender_lines: tuple[str, ...]
    sender_facts: tuple[Fact, ...]
    recipient: tuple[str, ...]
    facts: tuple[Fact, ...]
    greeting: str
    body: tuple[Paragraph, ...]
    columns: Mapping[str, str]
    rows: tuple[Row, ...]
    has_charges: bool
    charges_title: str
    charges: tuple[ChargeRow, ...]
    total_label: str
    total: str
    due_label: str
    due_on: str
    slip_title: str
    payee_label: str
    slip: tuple[SlipRow, ...]
    notes: tuple[str, ...]
    """Sentences that follow from the facts: open credits (E45)."""
    portal_text: str
    portal: str
    code: str
    """What the square code holds; empty for none."""
    code_label: str
    closing: tuple[str, ...]
    regards: str
    page: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """What is in clear for the moment in which a letter is written."""

    creditor: str
    branding: Branding
    country: str
    """The creditor's: whose law the letter names."""
    debtor_name: str
    customer_number: str
    address: tuple[str, ...]
    accounts: Mapping[UUID, PaymentInstruction]
    """By invoice."""
    references: Mapping[UUID, Sequence[tuple[str, str]]]
    portal: str
    """The whole address of the debtor's page; empty for none."""


class _In:
    """A language's way of writing amounts, days and rates."""

    def __init__(self, words: LetterWords, currency: str) -> None:
        self.words = words
        self.currency = currency

    def amount(self, money: Money) -> str:
        """With the decimals that the currency has, and without its name."""
        decimals = exponent(money.currency)
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        return format_decimal(money.decimal, pattern, locale=self.words.language)

    def money(self, money: Money) -> str:
        return f"{self.amount(money)}\u00a0{money.currency}"

    def day(self, day: date) -> str:
        return format_date(day, self.words.day, locale=self.words.language)

    def short(self, day: date) -> str:
        return format_date(day, self.words.short_day, locale=self.words.language)

    def rate(self, rate: str) -> str:
        return format_decimal(Decimal(rate), locale=self.words.language, decimal_quantization=False)


def compose_document(
    facts: LetterFacts, texts: LetterTexts, language: Language, to: Addressed
) -> Document:
    words = letters_in(language)
    write = _In(words, facts.currency)
    labels = words.labels
    name, creditor = one_line(to.debtor_name), one_line(to.creditor)
    said = facts_in_words(facts, write, name, creditor)
    statement = facts.kind is LetterKind.STATEMENT
    owed = [
        Owed(line.number, line.principal + line.charges, to.accounts.get(line.invoice_id))
        for line in facts.lines
    ]
    payment_code = "" if statement else code(owed, creditor, facts.deadline_on)
    credits_total = sum((one.remaining.minor for one in facts.credits), 0)
    balance = Money(facts.total.minor - credits_total, facts.currency)
    return Document(
        kind=facts.kind.value,
        language=words.language,
        title=plain(fill(texts.title, said)),
        issued_on=facts.issued_on,
        sender=creditor,
        sender_lines=sender_lines(to.branding),
        sender_facts=sender_facts(to.branding, words),
        recipient=(name, *(one_line(line) for line in to.address if line.strip())),
        facts=tuple(
            Fact(label, value)
            for label, value in (
                (labels.date, write.day(facts.issued_on)),
                (labels.customer, to.customer_number),
                (labels.letter, "" if statement else str(facts.level)),
            )
            if value
        ),
        greeting=plain(fill(words.greeting, said)),
        body=body_of(facts, texts, words, said, to.country),
        columns={
            "invoice": labels.invoice,
            "issued_on": labels.invoice_date,
            "due_on": labels.due,
            "gross": labels.amount,
            "open": labels.open,
            "charges": labels.charges,
            "total": labels.to_pay,
        },
        rows=rows_of(facts, write, to),
        has_charges=any(line.charges for line in facts.lines),
        charges_title=labels.charges_now,
        charges=charges_of(facts, write),
        total_label=labels.balance if statement else labels.total,
        total=write.money(balance if statement else facts.total),
        due_label="" if facts.deadline_on is None else labels.pay_by,
        due_on="" if facts.deadline_on is None else write.day(facts.deadline_on),
        slip_title=labels.payment_details,
        payee_label=labels.payee,
        slip=tuple(
            SlipRow(
                number=one.number,
                account=one.account,
                reference_label=one.reference_name or labels.reference,
                reference=one.reference,
                amount=write.money(one.amount),
            )
            for one in slip_lines(owed)
        ),
        notes=()
        if statement or not credits_total
        else (
            plain(
                fill(
                    words.open_credits,
                    {"credits": write.money(Money(credits_total, facts.currency))},
                )
            ),
        ),
        portal_text=words.portal if to.portal else "",
        portal=to.portal,
        code=payment_code or to.portal,
        code_label=labels.scan if payment_code else labels.open_online,
        closing=tuple(plain(fill(part, said)) for part in paragraphs(texts.closing)),
        regards=words.regards,
        page=labels.page,
        version=f"{DESIGN}/{facts.kind.value}/{words.language}/{texts.version}",
    )


def facts_in_words(facts: LetterFacts, write: _In, name: str, creditor: str) -> dict[str, str]:
    principal = sum(line.principal.minor for line in facts.lines)
    charges = sum(line.charges.minor for line in facts.lines)
    return {
        "debtor_name": name,
        "creditor_name": creditor,
        "total": write.money(facts.total),
        "principal": write.money(Money(principal, facts.currency)),
        "charges": write.money(Money(charges, facts.currency)),
        "deadline": "" if facts.deadline_on is None else write.day(facts.deadline_on),
        "invoices": ", ".join(line.number for line in facts.lines),
        "issued_on": write.day(facts.issued_on),
        "level": str(facts.level),
        "law": facts.law,
    }


def body_of(
    facts: LetterFacts, texts: LetterTexts, words: LetterWords, said: dict[str, str], country: str
) -> tuple[Paragraph, ...]:
    """The creditor's paragraphs with each clause in its place; one without a matter is left out."""
    clauses = {
        "payment_demand": words.payment_demand,
        "charges_notice": words.charges_notice if facts.charges else "",
        "collection_notice": words.collection(country),
    }
    found = []
    for part in paragraphs(texts.body):
        clause = part.strip("{}") if part.strip("{}") in CLAUSES else ""
        text = plain(fill(clauses[clause] if clause else part, said))
        if text:
            found.append(Paragraph(text, clause))
    return tuple(found)


def rows_of(facts: LetterFacts, write: _In, to: Addressed) -> tuple[Row, ...]:
    labels = write.words.labels
    invoices = tuple(
        Row(
            number=line.number,
            references=" · ".join(
                f"{getattr(labels, kind, labels.order)} {one_line(value)}"
                for kind, value in to.references.get(line.invoice_id, ())
            ),
            issued_on=write.short(line.issued_on),
            due_on=write.short(line.due_on),
            gross=write.amount(line.gross),
            open=write.amount(line.principal),
            charges=write.amount(line.charges),
            total=write.amount(line.principal + line.charges),
        )
        for line in facts.lines
    )
    if facts.kind is not LetterKind.STATEMENT:
        return invoices
    names = {"payment": labels.payment, "credit_note": labels.credit_note}
    credits_ = tuple(
        Row(
            number=f"{names.get(one.kind, labels.other)} {one.number}".strip(),
            references="",
            issued_on=write.short(one.dated_on),
            due_on="",
            gross="",
            open=write.amount(-one.remaining),
            charges="",
            total=write.amount(-one.remaining),
        )
        for one in facts.credits
    )
    return (*invoices, *credits_)


def charges_of(facts: LetterFacts, write: _In) -> tuple[ChargeRow, ...]:
    """Each charge of this letter, then what was charged before, so that they add up."""
    labels = write.words.labels
    several = len(facts.lines) > 1
    numbers = {line.invoice_id: line.number for line in facts.lines}
    rows = [
        ChargeRow(
            what=charge_name(charge, write)
            + (f", {numbers.get(charge.invoice_id, '')}" if several else ""),
            how="; ".join(
                plain(
                    fill(
                        write.words.interest_of,
                        {
                            "rate": write.rate(span.rate),
                            "base": write.amount(span.base),
                            "days": str(span.days),
                            "from_on": write.short(span.from_on),
                            "through_on": write.short(span.through_on),
                        },
                    )
                )
                for span in charge.spans
            ),
            law=charge.law + (f" ({labels.unverified})" if charge.unverified else ""),
            amount=write.amount(charge.amount),
        )
        for charge in facts.charges
    ]
    earlier = sum(line.charges.minor for line in facts.lines) - sum(
        charge.amount.minor for charge in facts.charges
    )
    if rows and earlier > 0:
        amount = write.amount(Money(earlier, facts.currency))
        rows.append(ChargeRow(what=labels.earlier_charges, how="", law="", amount=amount))
    return tuple(rows)


def charge_name(charge: LetterCharge, write: _In) -> str:
    labels = write.words.labels
    names = {
        "fee": labels.fee,
        "interest": labels.interest,
        "compensation": labels.compensation,
        "absorbed": labels.absorbed,
    }
    return names.get(charge.kind, charge.kind)


def sender_lines(branding: Branding) -> tuple[str, ...]:
    town = f"{branding.postal_code} {branding.city}".strip()
    return tuple(one_line(line) for line in (branding.street, town) if line)


def sender_facts(branding: Branding, words: LetterWords) -> tuple[Fact, ...]:
    given = (
        (words.labels.company_number, branding.company_number),
        ("", branding.email),
        ("", branding.phone),
    )
    return tuple(Fact(label, one_line(value)) for label, value in given if value)
