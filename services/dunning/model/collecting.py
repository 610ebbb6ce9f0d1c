"""Whether an invoice may go to collection, and what follows when it has gone or comes back.

Ready are facts: warned, the deadline strictly passed, principal open, and nothing against it. The stop
window and the last look at the instant of leaving belong to the service collections.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from services.dunning.commands.receivable import ConsiderCollection, NoteHandOver, NoteTakenBack
from services.dunning.events import receivable as e
from services.dunning.model import pricing
from services.dunning.model.gates import standing
from services.dunning.model.receivable import Receivable, State
from services.dunning.values import Terms

TOLD_AHEAD_DAYS: Final = 31
"""For so long interest is told at once, from the day on which an invoice is ready."""


def consider(command: ConsiderCollection, before: Receivable) -> Sequence[e.ReceivableEvent]:
    """Silent before the deadline has passed, and where nothing has changed since it was said."""
    warning, terms = before.warning, command.terms
    if warning is None or warning.deadline_on is None or warning.deadline_on >= terms.today_on:
        return []
    code = held_by(before, terms)
    if code in {"settled", "at_agency", "withdrawn"}:
        return []
    if code is not None:
        if before.held == code:
            return []
        return [e.HeldFromCollection(code, before.principal, terms.credits.get(_currency(before)))]
    if before.ready is not None and _is_known(before.ready, before, terms):
        return []
    ready = e.BecameReady(
        ready_on=terms.today_on,
        warned_on=warning.sent_on,
        deadline_on=warning.deadline_on,
        principal=before.principal,
        charges=before.open_charges,
        interest=pricing.accrued(before, terms, terms.today_on),
        interest_ahead=tuple(pricing.accruing(before, terms, _days_after(terms.today_on))),
        debtor_kind=terms.debtor_kind,
        country=terms.country,
    )
    return [ready]


def held_by(before: Receivable, terms: Terms) -> str | None:
    """Why a warned invoice does not go: the one reason that a person reads first."""
    if before.state is State.SETTLED and before.open_charges.minor > 0:
        return "only_charges_left"
    if (code := standing(before)) is not None:
        return code
    if terms.frozen is not None:
        return terms.frozen
    if terms.excluded is not None:
        return "excluded"
    if terms.drift:
        return "ledger_drifts"
    if before.under_way is not None:
        return "letter_under_way"
    if before.principal.minor <= 0:
        return "only_charges_left"
    # Whatever the creditor says of reminders: nobody goes to collection over what may be paid.
    return "unmatched_items" if terms.credits.get(_currency(before)) else None


def _currency(before: Receivable) -> str:
    return before.invoice.gross.currency


def _is_known(ready: e.BecameReady, before: Receivable, terms: Terms) -> bool:
    """A case would be told nothing new; interest grows by itself, as has been told ahead."""
    assert before.warning is not None, "only what was warned of is ready"
    told = (ready.deadline_on, ready.principal, ready.charges, ready.debtor_kind, ready.country)
    now = (
        before.warning.deadline_on,
        before.principal,
        before.open_charges,
        terms.debtor_kind,
        terms.country,
    )
    return told == now and terms.today_on < told_again_on(ready)


def told_again_on(ready: e.BecameReady) -> date:
    """The day for which no interest has been told any more."""
    return ready.ready_on + timedelta(days=TOLD_AHEAD_DAYS)


def _days_after(today: date) -> Iterator[date]:
    return (today + timedelta(days=number) for number in range(1, TOLD_AHEAD_DAYS))


def note_hand_over(command: NoteHandOver, before: Receivable) -> Sequence[e.ReceivableEvent]:
    if before.case is not None:
        return []
    days = command.terms.write_offs.days_after_hand_over
    ages_on = None if days is None else command.handed_over_on + timedelta(days=days)
    return [
        e.HandedOver(
            case_id=command.case_id,
            agency=command.agency,
            handed_over_on=command.handed_over_on,
            principal=command.principal,
            charges=command.charges,
            interest=command.interest,
            ages_on=ages_on,
        )
    ]


def note_taken_back(command: NoteTakenBack, before: Receivable) -> Sequence[e.ReceivableEvent]:
    if before.case is None or before.case.case_id != command.case_id:
        return []
    return [e.TakenBack(command.case_id, command.code, command.terms.today_on)]
