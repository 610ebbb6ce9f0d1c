"""Months as people and laws count them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

_YEAR: Final = 12


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month: 30 November + 3 is 28 February."""
    years, month = divmod(day.month - 1 + months, _YEAR)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
