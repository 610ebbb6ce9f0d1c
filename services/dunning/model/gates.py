"""Whether a step that has come stands on today's list; if not, the one reason that a person reads.

The first reason in this order is told, since who mends it sees the next one then.
"""

from __future__ import annotations

from services.dunning.model.receivable import Receivable, State
from services.dunning.values import Terms
from shared.money import Money


def why_not(
    receivable: Receivable, terms: Terms, overdue: Money, priced: str | None = None
) -> str | None:
    """The code of what keeps its step off the list; None where nothing does.

    `overdue` is the debtor's overdue principal in the invoice's currency after credits; `priced` what
    showed against its letter when that was priced.
    """
    return (
        standing(receivable)
        or _of_the_debtor(receivable, terms)
        or _of_the_day(receivable, terms)
        or _of_the_amounts(receivable, terms, overdue)
        or priced
    )


def standing(receivable: Receivable) -> str | None:
    """What is so whatever day it is."""
    match receivable.state:
        case State.SETTLED:
            return "settled"
        case State.WITHDRAWN:
            return "withdrawn"
        case State.AT_AGENCY:
            return "at_agency"
        case _:
            pass
    invoice = receivable.invoice
    if invoice.dunned_elsewhere:
        return "dunned_elsewhere"
    if invoice.historical and not receivable.included:
        return "historical"
    if receivable.disputed is not None:
        return "disputed"
    if receivable.taken_back is not None:
        return "taken_back"
    return "paused" if receivable.pause is not None else None


def _of_the_debtor(receivable: Receivable, terms: Terms) -> str | None:
    if terms.frozen is not None:
        return terms.frozen
    if terms.excluded is not None:
        return "excluded"
    if not terms.channels:
        return "no_address"
    if is_foreign(receivable, terms) and "mail" not in terms.channels:
        return "no_mail"
    return None


def _of_the_day(receivable: Receivable, terms: Terms) -> str | None:
    if terms.drift:
        return "ledger_drifts"
    if terms.timeline.mode == "off":
        return "timeline_off"
    if terms.timeline.is_statement:
        return "statement_debtor"
    if receivable.under_way is not None:
        return "letter_under_way"
    if receivable.plan is None:
        return "no_step_left"
    return "not_due_yet" if receivable.plan.planned_on > terms.today_on else None


def _of_the_amounts(receivable: Receivable, terms: Terms, overdue: Money) -> str | None:
    currency = receivable.invoice.gross.currency
    if terms.credits.get(currency) and terms.rules.open_items == "hold":
        return "open_items"
    if overdue.minor <= 0:
        return "nothing_overdue"
    least = next((one for one in terms.rules.minimum if one.currency == currency), None)
    return "below_minimum" if least is not None and overdue < least else None


def is_foreign(receivable: Receivable, terms: Terms) -> bool:
    """In another currency only interest is charged, and letters go by mail."""
    return receivable.invoice.gross.currency != terms.home_currency
