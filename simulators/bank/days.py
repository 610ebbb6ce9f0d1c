"""The days on which this bank moves money: the Danish banking days."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Europe/Copenhagen")

# Closed by the banks' own calendar beyond the public holidays [M: Finance Denmark's yearly list].
_CLOSED = frozenset({(6, 5), (12, 24), (12, 31)})
_SATURDAY = 5


@cache
def _holidays(year: int) -> frozenset[date]:
    public = holidays.country_holidays("DK", years=year, language="da")
    ascension = public.get_named("Kristi himmelfartsdag")
    return frozenset({*public, *(day + timedelta(days=1) for day in ascension)})


def is_banking_day(day: date) -> bool:
    """Whether the bank is open: no week-end, no holiday, no closing day of the banks' own."""
    open_by_calendar = day.weekday() < _SATURDAY and (day.month, day.day) not in _CLOSED
    return open_by_calendar and day not in _holidays(day.year)


def banking_day(day: date) -> date:
    """That day, or the next on which the bank is open."""
    while not is_banking_day(day):
        day += timedelta(days=1)
    return day


def after(day: date, banking_days: int) -> date:
    """So many banking days later."""
    for _ in range(banking_days):
        day = banking_day(day + timedelta(days=1))
    return day
