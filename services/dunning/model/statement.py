"""Statements of account: instead of reminders, every so many days, of all that is open.

Nothing is charged, no step of a timeline is done by it, and no gap begins with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from services.dunning.model.composing import language_of
from services.dunning.model.debtor import Debtor
from services.dunning.model.planning import list_day
from services.dunning.model.receivable import Receivable, State
from services.dunning.values import Channel, Letter, LetterLine, NoticeKind, Terms
from shared.money import Money

_DAY: Final = timedelta(days=1)
_SENDABLE_DAYS: Final = 6
"""How long it may wait to be sent: after a week it is no statement of today any more."""


def next_on(debtor: Debtor, opened_on: date | None, terms: Terms) -> date | None:
    """The day of the next one: so many days after the last, or after what is open was first booked.

    `opened_on` is the date of the oldest item that is open; None where nothing is, and nothing goes.
    """
    timeline = terms.timeline
    if opened_on is None or not timeline.is_statement or timeline.mode == "off":
        return None
    since = max(opened_on, debtor.last_statement_on or opened_on)
    day = since + timeline.steps[0].after_days * _DAY
    if terms.excluded_until_on is not None:
        day = max(day, terms.excluded_until_on + _DAY)
    return list_day(day, timeline.list_days)


def statements(
    debtor_id: UUID, invoices: Mapping[UUID, Receivable], debtor: Debtor, terms: Terms
) -> Sequence[Letter]:
    """One letter per currency, with every open invoice and every unmatched credit of it."""
    open_ = {invoice_id: one for invoice_id, one in invoices.items() if one.state is State.OPEN}
    currencies = {one.invoice.gross.currency for one in open_.values()}
    currencies |= debtor.credit_sums().keys()
    letters = (
        _statement(debtor_id, currency, open_, debtor, terms) for currency in sorted(currencies)
    )
    return [letter for letter in letters if letter.channels]


def _statement(
    debtor_id: UUID,
    currency: str,
    open_: Mapping[UUID, Receivable],
    debtor: Debtor,
    terms: Terms,
) -> Letter:
    lines = sorted(
        (
            _line(invoice_id, one)
            for invoice_id, one in open_.items()
            if one.invoice.gross.currency == currency
        ),
        key=lambda line: (line.due_on, line.number),
    )
    total = Money.zero(currency)
    for line in lines:
        total += line.principal + line.charges
    return Letter(
        debtor_id=debtor_id,
        kind=NoticeKind.STATEMENT,
        charged=False,
        level=1,
        language=language_of(debtor, terms, currency),
        currency=currency,
        issued_on=terms.today_on,
        valid_through_on=terms.today_on + _SENDABLE_DAYS * _DAY,
        pay_by_on=None,
        law="",
        lines=tuple(lines),
        total=total,
        channels=_channels(currency, terms),
        copies="none",
        credits=tuple(
            credit
            for credit in sorted(
                debtor.credits.values(), key=lambda one: (one.dated_on, one.number)
            )
            if credit.remaining.minor > 0 and credit.remaining.currency == currency
        ),
    )


def _channels(currency: str, terms: Terms) -> tuple[Channel, ...]:
    """In a foreign currency letters go by mail only."""
    if currency == terms.home_currency:
        return terms.channels
    return tuple(channel for channel in terms.channels if channel == "mail")


def _line(invoice_id: UUID, receivable: Receivable) -> LetterLine:
    invoice = receivable.invoice
    return LetterLine(
        invoice_id=invoice_id,
        number=invoice.number,
        step=None,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        gross=invoice.gross,
        principal=receivable.principal,
        charges=receivable.open_charges,
        account=invoice.account,
        references=invoice.references,
        copy_of=invoice.copy_of,
    )
