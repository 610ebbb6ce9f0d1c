"""Months and days by the calendar: what write-off rules count."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

_MONTHS = 12


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that has no such day."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_after(day: date, days: int) -> date:
    """So many days later: thirty days after 10 February 2026 is 12 March."""
    return day + timedelta(days=days)
