"""An invoice and its letters: on the list or not, in a letter, the letter counts, or it fell."""

from __future__ import annotations

from collections.abc import Sequence

from services.dunning.commands.receivable import (
    CountLetter,
    DropLetter,
    IssueLetter,
    ListStep,
    SkipStep,
)
from services.dunning.events import receivable as e
from services.dunning.model import charging
from services.dunning.model.gates import why_not
from services.dunning.model.periods import months_after
from services.dunning.model.receivable import Receivable, State
from shared.decider import Rejected


def list_step(command: ListStep, before: Receivable) -> Sequence[e.ReceivableEvent]:
    """Told once: a step that stays on the list, or off it for the same reason, is not told again.

    Nothing is listed on a day on which the list is not shown.
    """
    plan, terms = before.plan, command.terms
    if plan is None or terms.today_on.weekday() not in terms.timeline.list_days:
        return []
    code = why_not(before, terms, command.overdue, command.priced)
    if code == "not_due_yet":
        return []
    if code is not None:
        return [] if before.skipped == code else [e.StepSkipped(code, terms.today_on)]
    if before.listed_on is not None:
        return []
    return [e.StepListed(plan.step, plan.kind, plan.step + 1, plan.planned_on, terms.today_on)]


def skip_step(command: SkipStep, before: Receivable) -> Sequence[e.ReceivableEvent]:
    if before.skipped == command.code:
        return []
    return [e.StepSkipped(command.code, command.terms.today_on)]


def issue(command: IssueLetter, before: Receivable) -> Sequence[e.ReceivableEvent]:
    """It stands in a letter from now on. Asked again for the same letter, nothing happens."""
    if before.under_way is not None:
        if before.under_way.notice_id == command.notice_id:
            return []
        raise Rejected("a letter with this invoice is already on its way", code="letter_under_way")
    if command.step is not None and before.listed_on is None:
        raise Rejected("this invoice is not on the list", code="not_listed")
    return [
        e.LetterIssued(
            command.notice_id, command.step, command.kind, command.level, command.terms.today_on
        )
    ]


def count(command: CountLetter, before: Receivable) -> Sequence[e.ReceivableEvent]:
    """From the day of its sending the step is done and what it charges is owed."""
    letter = before.under_way
    if letter is None or letter.notice_id != command.notice_id:
        return []
    counted = e.LetterCounted(
        notice_id=letter.notice_id,
        step=letter.step,
        kind=letter.kind,
        level=letter.level,
        charged=command.charged,
        sent_on=command.sent_on,
        deadline_on=command.deadline_on,
        principal=before.principal,
        channel=command.channel,
    )
    months = command.terms.write_offs.months
    ages_on = None if months is None else months_after(command.sent_on, months)
    added = charging.add(command.added, counted, ages_on)
    is_paid = before.state is State.SETTLED and before.disputed is None
    if is_paid and command.terms.write_offs.principal_paid:
        added += charging.given_up_at_once(command.added, command.terms.today_on)
    return [counted, *added]


def drop(command: DropLetter, before: Receivable) -> Sequence[e.ReceivableEvent]:
    """Its step stands as before. What a letter charged that came back was never owed."""
    on_its_way = before.under_way is not None and before.under_way.notice_id == command.notice_id
    if not on_its_way and all(one.notice_id != command.notice_id for one in before.sent):
        return []
    charged = [
        one for one in before.charges.values() if one.notice_id == command.notice_id and one.lawful
    ]
    amounts = [charging.whole(one) for one in charged]
    back = charging.taken_back(amounts, before, "letter_failed", command.terms.today_on)
    events: list[e.ReceivableEvent] = [e.LetterFell(command.notice_id, command.code), *back]
    warning = before.warning
    if before.ready is not None and warning and warning.notice_id == command.notice_id:
        events.append(e.HeldFromCollection("warning_failed", before.principal))
    return events
