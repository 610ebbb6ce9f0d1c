"""The next letter of an invoice and its day: a function of the invoice's facts and the calendar.

Never of the last run: a missed day catches up on the next list day, and two steps that have both
come are still so many days apart as the timeline says.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from services.dunning.model.receivable import Receivable
from services.dunning.values import Plan, Step, Terms

_DAY: Final = timedelta(days=1)
_WEEK: Final = 7


def plan_of(receivable: Receivable, terms: Terms) -> Plan | None:
    """None where no letter is to come: not ours to follow, paused without an end, disputed, no step left."""
    if not receivable.is_followed or receivable.disputed is not None:
        return None
    timeline = terms.timeline
    if timeline.mode == "off" or timeline.is_statement:
        return None
    if receivable.pause is not None and receivable.pause.until_on is None:
        return None
    number = _next_step(receivable)
    if number >= len(timeline.steps):
        return None
    step = timeline.steps[number]
    planned_on, because = _day_of(receivable, step, terms)
    return Plan(number, step.kind, step.charged, planned_on, because)


def _next_step(receivable: Receivable) -> int:
    """The one after the last that was sent; on another timeline, too, as many have been sent."""
    letters = receivable.letters
    last = letters[-1].step if letters else None
    return 0 if last is None else last + 1


def _day_of(receivable: Receivable, step: Step, terms: Terms) -> tuple[date, str]:
    """The latest of what must have come, and from there the first day on which the list is shown."""
    days = [(receivable.invoice.due_on + step.after_days * _DAY, "due_date")]
    if receivable.letters:
        last = receivable.letters[-1]
        days.append((last.sent_on + terms.timeline.gap_days * _DAY, "gap"))
        if last.deadline_on is not None:
            # Nobody is written to again before what they were given has run out.
            days.append((last.deadline_on + _DAY, "deadline"))
    if receivable.resumed_on is not None:
        days.append((receivable.resumed_on, "resumed"))
    if receivable.pause is not None and receivable.pause.until_on is not None:
        days.append((receivable.pause.until_on + _DAY, "paused"))
    if terms.excluded_until_on is not None:
        days.append((terms.excluded_until_on + _DAY, "excluded"))
    # The first of equal days says why.
    latest, because = max(days, key=lambda one: one[0])
    shown = list_day(latest, terms.timeline.list_days)
    return shown, because if shown == latest else "list_day"


def list_day(day: date, weekdays: tuple[int, ...]) -> date:
    """The day itself, or the next on which the list is shown."""
    return next(d for d in (day + n * _DAY for n in range(_WEEK)) if d.weekday() in weekdays)
