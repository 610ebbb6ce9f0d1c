"""When the next letter of a timeline comes: a function of the invoice and the calendar, never of a run."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Because = Literal["due_date", "gap", "resumed", "list_day"]
_WEEK = 7


@dataclass(frozen=True, slots=True)
class NextStep:
    """The day, and what decided it."""

    on: date
    because: Because


def next_step_on(
    planned_on: date,
    *,
    gap_days: int = 0,
    last_sent_on: date | None = None,
    resume_on: date | None = None,
    list_days: Collection[int] = range(_WEEK),
) -> NextStep:
    """The later of plan, gap since the last letter and end of a pause; then the next list day.

    `resume_on` is the first day after a pause; `list_days` are weekdays, Monday 0. A step whose day
    has gone by while nobody looked comes today, and the next one a gap later: two never share a day.
    """
    if not set(list_days) & set(range(_WEEK)):
        raise ValueError("a list is shown on at least one weekday")
    reached = NextStep(planned_on, "due_date")
    if last_sent_on is not None and last_sent_on + timedelta(days=gap_days) > reached.on:
        reached = NextStep(last_sent_on + timedelta(days=gap_days), "gap")
    if resume_on is not None and resume_on > reached.on:
        reached = NextStep(resume_on, "resumed")
    day = reached.on
    while day.weekday() not in list_days:
        day += timedelta(days=1)
    return reached if day == reached.on else NextStep(day, "list_day")
