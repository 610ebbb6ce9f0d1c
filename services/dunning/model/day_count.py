"""How days are counted towards a year: none of the four statutes says, so it is a named policy.

Days lie after one date and up to and including another, so that counts over neighbouring stretches
add up whatever the policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from services.dunning.model.policy import DayCount

_MONTH_END = 30


def days_of(after: date, through: date, day_count: DayCount) -> int:
    """The days after one date and through another; none if that is not later.

    `30/360` is 30E: every month has thirty days and its 31st is its 30th.
    """
    if through <= after:
        return 0
    if day_count == "30/360":
        return _commercial(through) - _commercial(after)
    return (through - after).days


def years_of(after: date, through: date, day_count: DayCount) -> Fraction:
    """The same stretch as part of a year. `act/act` takes each day by the length of its own year."""
    if day_count == "30/360":
        return Fraction(days_of(after, through, day_count), 360)
    if day_count == "act/365":
        return Fraction(days_of(after, through, day_count), 365)
    parts = by_year(after, through)
    return sum(
        (Fraction((last - first).days, _length(last.year)) for first, last in parts), Fraction(0)
    )


def by_year(after: date, through: date) -> Iterator[tuple[date, date]]:
    """The stretch cut at the ends of years."""
    while after < through:
        # The first day that counts is the one after `after`: on 31 December that is next year's.
        year = after.year + (1 if (after.month, after.day) == (12, 31) else 0)
        last = min(through, date(year, 12, 31))
        yield after, last
        after = last


def _commercial(day: date) -> int:
    return day.year * 360 + day.month * _MONTH_END + min(day.day, _MONTH_END)


def _length(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days
