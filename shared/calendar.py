"""Banking days: when the banks of a country, or of the euro, move money.

The public holidays come from the `holidays` package; what banks do beyond them stands here,
country by country, since no package has it right. Names of holidays follow the process's locale, so only
dates are looked at.

An event that rests on a calendar keeps its `version`. The version is made from the days
themselves: two calendars with the same version agree on every day, and a replay that meets another
version knows that it could reckon differently.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import count, islice

from holidays import country_holidays, financial_holidays

OVERLAY = "2026-11"
"""When the closing days below were last gone through."""
FIRST_YEAR, LAST_YEAR = 2010, 2060
"""The years vouched for: before, banks closed on other days; after, the law is anyone's guess."""

_DAY = timedelta(days=1)
_FRIDAY, _SATURDAY = 4, 5


class OutsideCalendar(ValueError):
    """A day beyond the years that a calendar vouches for."""


class UnknownCalendar(LookupError):
    """A country or currency whose banking days are not known here."""


@dataclass(frozen=True, slots=True)
class BankCalendar:
    """The banking days of one country or settlement system, or those that several share.

    `closed` holds the closing days besides Saturdays and Sundays, `early` those on which banks open
    and stop early.
    """

    code: str
    version: str
    closed: frozenset[date] = field(repr=False)
    early: frozenset[date] = field(repr=False)

    def is_banking_day(self, day: date) -> bool:
        """Whether money moves on a day."""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise OutsideCalendar(
                f"the {self.code} calendar knows {FIRST_YEAR} to {LAST_YEAR}, not {day.isoformat()}"
            )
        return day.weekday() < _SATURDAY and day not in self.closed

    def closes_early(self, day: date) -> bool:
        """Whether a day is a banking day with an early cut-off."""
        return self.is_banking_day(day) and day in self.early

    def on_or_after(self, day: date) -> date:
        """The day itself if it is a banking day, otherwise the next one."""
        return next(self._days(day, _DAY))

    def on_or_before(self, day: date) -> date:
        """The day itself if it is a banking day, otherwise the one before."""
        return next(self._days(day, -_DAY))

    def add(self, day: date, banking_days: int) -> date:
        """The n-th banking day after a day, or before it when n is negative.

        The day itself is not counted, whether it is a banking day or not: one banking day after a
        Saturday is Monday. Zero banking days is `on_or_after`.
        """
        if banking_days == 0:
            return self.on_or_after(day)
        step = _DAY if banking_days > 0 else -_DAY
        return next(islice(self._days(day + step, step), abs(banking_days) - 1, None))

    def shared_with(self, other: BankCalendar) -> BankCalendar:
        """The days on which both move money: what a payment from one to the other needs."""
        if other.code == self.code:
            return self
        return BankCalendar(
            f"{self.code}+{other.code}",
            f"{self.version}+{other.version}",
            self.closed | other.closed,
            self.early | other.early,
        )

    def _days(self, day: date, step: timedelta) -> Iterator[date]:
        """The banking days from a day on, the day itself first, in steps of one day."""
        return filter(self.is_banking_day, (day + step * n for n in count()))


_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


@dataclass(frozen=True, slots=True)
class _Days:
    """What a calendar is made of, over all its years."""

    closed: frozenset[date]
    early: frozenset[date] = frozenset()


def _danish() -> _Days:
    """Besides the holidays: 5 June, the day after Ascension, 24 and 31 December; not 1 May.

    Bankers' custom, not law, and without a published list to cite: unverified.
    """
    constitution_days = frozenset(date(year, 6, 5) for year in _YEARS)
    after_ascension = frozenset(easter(year) + timedelta(days=40) for year in _YEARS)
    return _Days(_holidays("DK") | constitution_days | after_ascension | _year_ends())


def _swedish() -> _Days:
    """Besides the holidays: the eves of Midsummer, Christmas and New Year.

    The package's bank days are those three and the days on which banks stop at two; only the latter
    are early.
    """
    midsummer_eves = frozenset(
        day
        for day in (date(year, 6, n) for year in _YEARS for n in range(19, 26))
        if day.weekday() == _FRIDAY
    )
    closed = _holidays("SE") | midsummer_eves | _year_ends()
    return _Days(closed, early=_holidays("SE", "bank") - closed)


def _norwegian() -> _Days:
    """The holidays. Christmas and New Year's eve are open with an early cut-off: unverified."""
    return _Days(_holidays("NO"), early=_year_ends())


def _finnish() -> _Days:
    """The holidays, to which Midsummer Eve and Christmas Eve belong."""
    return _Days(_holidays("FI"))


def _target() -> _Days:
    """The closing days of the Eurosystem's payment system, and so of SEPA."""
    return _Days(frozenset(financial_holidays("ECB", years=_YEARS)))


def _holidays(country: str, category: str = "public") -> frozenset[date]:
    return frozenset(country_holidays(country, years=_YEARS, categories=(category,)))


def _year_ends() -> frozenset[date]:
    return frozenset(date(year, 12, day) for year in _YEARS for day in (24, 31))


_OVERLAYS: dict[str, Callable[[], _Days]] = {
    "DK": _danish,
    "SE": _swedish,
    "NO": _norwegian,
    "FI": _finnish,
    "TARGET": _target,
}
_CURRENCIES = {"DKK": "DK", "SEK": "SE", "NOK": "NO", "EUR": "TARGET"}


def calendar_of(currency_or_country: str) -> BankCalendar:
    """The calendar of a country (DK, SE, NO, FI), a currency (DKK, SEK, NOK, EUR) or TARGET."""
    code = _CURRENCIES.get(currency_or_country, currency_or_country)
    if code not in _OVERLAYS:
        known = ", ".join([*_OVERLAYS, *_CURRENCIES])
        raise UnknownCalendar(
            f"no banking days are known for {currency_or_country!r}, only for {known}"
        )
    return _built(code)


def has_calendar(currency_or_country: str) -> bool:
    """Whether `calendar_of` knows a country or currency."""
    return currency_or_country in _OVERLAYS or currency_or_country in _CURRENCIES


def calendar_version() -> str:
    """One version for all calendars together: it changes when any day of any of them does."""
    return f"{OVERLAY}.{_digest([_built(code).version for code in _OVERLAYS])}"


@cache
def _built(code: str) -> BankCalendar:
    days = _OVERLAYS[code]()
    # Weekends are closed anyway; without them the version tells of banking days alone.
    closed = frozenset(day for day in days.closed if day.weekday() < _SATURDAY)
    early = frozenset(day for day in days.early if day.weekday() < _SATURDAY) - closed
    lines = [f"{day.isoformat()} closed" for day in closed] + [
        f"{day.isoformat()} early" for day in early
    ]
    return BankCalendar(code, f"{code}.{OVERLAY}.{_digest(sorted(lines))}", closed, early)


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of Nature, 1876)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    leap_centuries, century_left = divmod(century, 4)
    moon_correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_correction + 15) % 30
    leaps, years_left = divmod(of_century, 4)
    weekday = (32 + 2 * century_left + 2 * leaps - epact - years_left) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
