"""A letter from the invoices that stand in it and what each is charged by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from services.dunning.model.debtor import Debtor
from services.dunning.model.gates import is_foreign
from services.dunning.model.pricing import Item, PricedLetter
from services.dunning.values import Channel, Letter, LetterLine, NoticeKind, Terms
from shared.money import Money

WARNING_LAW: Final = {
    "DK": "inkassoloven § 10",
    "SE": "inkassolagen 5 §",
    "NO": "inkassoloven § 9",
    "FI": "perintälaki 5 §",
}
"""What must stand in a letter that warns of collection."""
_SCANDINAVIAN: Final = {"da", "sv", "nb"}


def grouped(items: Iterable[Item], debtor: Debtor, terms: Terms) -> list[list[Item]]:
    """One letter per kind and currency where letters are collective, else one per invoice.

    Only invoices that all qualify for it stand in a warning; sums of two currencies never meet.
    """
    collective = terms.rules.collective if debtor.collective is None else debtor.collective
    groups: dict[tuple[object, ...], list[Item]] = defaultdict(list)
    for item in items:
        plan, currency = item.plan, item.receivable.invoice.gross.currency
        alone = None if collective else item.invoice_id
        groups[plan.kind, plan.charged, currency, alone].append(item)
    return [
        sorted(
            group, key=lambda one: (one.receivable.invoice.due_on, one.receivable.invoice.number)
        )
        for group in groups.values()
    ]


def compose(group: Sequence[Item], priced: PricedLetter, debtor: Debtor, terms: Terms) -> Letter:
    """Its lines in the order of the group; open credits stand beside them and are never netted."""
    first = group[0]
    currency = first.receivable.invoice.gross.currency
    lines = tuple(_line(item, priced) for item in group)
    total = Money.zero(currency)
    for line in lines:
        total += line.principal + line.charges
    return Letter(
        debtor_id=first.receivable.invoice.debtor_id,
        kind=first.plan.kind,
        charged=first.plan.charged,
        level=first.plan.step + 1,
        language=language_of(debtor, terms, currency),
        currency=currency,
        issued_on=terms.today_on,
        valid_through_on=priced.valid_through_on,
        pay_by_on=priced.pay_by_on,
        law=WARNING_LAW[terms.country] if first.plan.kind is NoticeKind.WARNING else "",
        lines=lines,
        total=total,
        channels=channels_of(first, terms),
        copies=terms.rules.copies,
        credits=tuple(
            credit
            for credit in debtor.credits.values()
            if credit.remaining.minor > 0 and credit.remaining.currency == currency
        ),
    )


def _line(item: Item, priced: PricedLetter) -> LetterLine:
    receivable = item.receivable
    invoice, added = receivable.invoice, priced.added.get(item.invoice_id, ())
    charges = receivable.open_charges
    for charge in added:
        charges += charge.amount
    return LetterLine(
        invoice_id=item.invoice_id,
        number=invoice.number,
        step=item.plan.step,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        gross=invoice.gross,
        principal=receivable.principal,
        charges=charges,
        added=added,
        account=invoice.account,
        references=invoice.references,
        copy_of=invoice.copy_of,
    )


def language_of(debtor: Debtor, terms: Terms, currency: str) -> str:
    """The debtor's own; in a foreign currency a Scandinavian one or English."""
    language = debtor.contact.language if debtor.contact is not None else "en"
    if currency != terms.home_currency and language not in _SCANDINAVIAN:
        return "en"
    return language


def channels_of(item: Item, terms: Terms) -> tuple[Channel, ...]:
    """In a foreign currency letters go by mail only."""
    if not is_foreign(item.receivable, terms):
        return terms.channels
    return tuple(channel for channel in terms.channels if channel == "mail")
