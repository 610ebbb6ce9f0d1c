"""Banking days of the Nordics and of the euro."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from datetime import date, timedelta

import pytest
from holidays import financial_holidays
from hypothesis import given
from hypothesis import strategies as st

from shared import calendar
from shared.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    BankCalendar,
    OutsideCalendar,
    UnknownCalendar,
    calendar_of,
    calendar_version,
    easter,
)

CODES = ("DK", "SE", "NO", "FI", "TARGET")
calendars = st.sampled_from(CODES).map(calendar_of)
days = st.dates(date(FIRST_YEAR + 1, 1, 1), date(LAST_YEAR - 1, 12, 31))


def closed_weekdays(code: str, year: int) -> list[str]:
    bank = calendar_of(code)
    year_days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    return [
        f"{day:%m-%d}" for day in year_days if day.weekday() < 5 and not bank.is_banking_day(day)
    ]


@pytest.mark.parametrize(
    ("code", "closed"),
    [
        ("DK", "01-01 03-25 03-26 03-29 05-06 05-07 05-17 12-24 12-31"),
        ("SE", "01-01 01-06 03-26 03-29 05-06 06-25 12-24 12-31"),
        ("NO", "01-01 03-25 03-26 03-29 05-06 05-17"),
        ("FI", "01-01 01-06 03-26 03-29 05-06 06-25 12-06 12-24"),
        ("TARGET", "01-01 03-26 03-29"),
    ],
)
def test_the_closed_weekdays_of_2027(code: str, closed: str) -> None:
    assert closed_weekdays(code, 2027) == closed.split()


@pytest.mark.parametrize(
    ("code", "day", "open_"),
    [
        ("DK", date(2026, 6, 5), False),  # Constitution Day
        ("DK", date(2026, 5, 1), True),
        ("TARGET", date(2026, 5, 1), False),
        ("DK", date(2023, 5, 5), False),  # the last Great Prayer Day
        ("DK", date(2024, 4, 26), True),  # abolished
        ("SE", date(2026, 4, 30), True),  # only the afternoon is off
        ("NO", date(2026, 12, 24), True),
        ("FI", date(2026, 12, 24), False),
        ("TARGET", date(2026, 12, 24), True),
    ],
)
def test_days_that_naive_calendars_get_wrong(code: str, day: date, open_: bool) -> None:
    assert calendar_of(code).is_banking_day(day) is open_


@pytest.mark.parametrize(
    ("code", "day", "early"),
    [
        ("SE", date(2026, 4, 30), True),
        ("SE", date(2026, 12, 24), False),  # closed altogether
        ("SE", date(2026, 12, 23), True),
        ("NO", date(2026, 12, 24), True),
        ("NO", date(2026, 12, 23), False),
        ("NO", date(2028, 12, 24), False),  # a Sunday
        ("DK", date(2026, 12, 23), False),
    ],
)
def test_half_days_have_an_early_cut_off(code: str, day: date, early: bool) -> None:
    assert calendar_of(code).closes_early(day) is early


@pytest.mark.case("rails", 13)
def test_a_due_date_after_ascension_moves_round_the_danish_closing_days() -> None:
    friday = date(2027, 5, 7)
    assert calendar_of("DK").on_or_before(friday) == date(2027, 5, 5)
    assert calendar_of("DK").on_or_after(friday) == date(2027, 5, 10)


def test_counting_skips_closed_days_and_leaves_out_the_first() -> None:
    bank = calendar_of("DK")
    assert bank.add(date(2026, 12, 23), 1) == date(2026, 12, 28)
    assert bank.add(date(2026, 12, 28), -1) == date(2026, 12, 23)
    assert bank.add(date(2026, 11, 21), 1) == date(2026, 11, 23)
    assert bank.add(date(2026, 11, 21), -1) == date(2026, 11, 20)
    assert bank.add(date(2026, 11, 21), 0) == date(2026, 11, 23)
    assert bank.add(date(2026, 11, 20), 0) == date(2026, 11, 20)


@given(calendars, days, st.integers(-60, 60))
def test_counting_there_and_back_comes_home(bank: BankCalendar, day: date, n: int) -> None:
    start = bank.on_or_after(day)
    assert bank.add(bank.add(start, n), -n) == start


@given(calendars, days, st.integers(0, 20), st.integers(0, 20))
def test_counting_twice_is_counting_the_sum(bank: BankCalendar, day: date, n: int, m: int) -> None:
    start = bank.on_or_after(day)
    assert bank.add(bank.add(start, n), m) == bank.add(start, n + m)


@given(calendars, days)
def test_a_day_lies_between_the_banking_days_around_it(bank: BankCalendar, day: date) -> None:
    before, after = bank.on_or_before(day), bank.on_or_after(day)
    assert before <= day <= after
    assert bank.is_banking_day(before)
    assert bank.is_banking_day(after)
    assert (before == after) is bank.is_banking_day(day)
    assert after - before <= timedelta(days=6)


@given(calendars, calendars, days)
def test_money_moves_between_two_calendars_when_both_are_open(
    one: BankCalendar, other: BankCalendar, day: date
) -> None:
    both = one.shared_with(other)
    open_ = one.is_banking_day(day) and other.is_banking_day(day)
    assert both.is_banking_day(day) is open_
    assert both.closes_early(day) is (open_ and (one.closes_early(day) or other.closes_early(day)))


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_our_easter_is_everybody_s(year: int) -> None:
    closed = financial_holidays("ECB", years=year)
    assert easter(year) - timedelta(days=2) in closed
    assert easter(year) + timedelta(days=1) in closed


@pytest.mark.parametrize(
    ("asked", "code"),
    [("DKK", "DK"), ("SEK", "SE"), ("NOK", "NO"), ("EUR", "TARGET"), ("FI", "FI"), ("DK", "DK")],
)
def test_a_calendar_is_found_by_country_or_currency(asked: str, code: str) -> None:
    assert calendar_of(asked).code == code


@pytest.mark.parametrize("asked", ["USD", "DE", "dk", ""])
def test_an_unknown_calendar_is_refused_by_name(asked: str) -> None:
    with pytest.raises(UnknownCalendar, match=re.escape(repr(asked))):
        calendar_of(asked)


@pytest.mark.parametrize("day", [date(FIRST_YEAR - 1, 12, 31), date(LAST_YEAR + 1, 1, 1)])
def test_a_day_beyond_the_years_vouched_for_is_refused(day: date) -> None:
    for ask in (
        calendar_of("DK").is_banking_day,
        calendar_of("DK").closes_early,
        calendar_of("DK").on_or_after,
        calendar_of("DK").on_or_before,
    ):
        with pytest.raises(OutsideCalendar, match="2010 to 2060"):
            ask(day)


def test_counting_beyond_the_years_vouched_for_is_refused() -> None:
    with pytest.raises(OutsideCalendar, match="2061-01-01"):
        calendar_of("DK").add(date(LAST_YEAR, 12, 30), 1)


@pytest.mark.property_("P24")
def test_the_days_are_the_ones_that_past_events_were_reckoned_with() -> None:
    """A change here, by us or by the holidays package, is a new version and must be meant."""
    assert {code: calendar_of(code).version for code in CODES} == {
        "DK": "DK.2026-11.8f70b790",
        "SE": "SE.2026-11.d990574f",
        "NO": "NO.2026-11.eb4291c6",
        "FI": "FI.2026-11.1f55e503",
        "TARGET": "TARGET.2026-11.da759d33",
    }
    assert calendar_version() == "2026-11.4c99c32e"


@pytest.mark.property_("P24")
def test_the_days_do_not_depend_on_the_process_s_language(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = {code: calendar_of(code).version for code in CODES}
    try:
        for language in ("en_US", "th", "uk"):
            monkeypatch.setenv("LANGUAGE", language)
            monkeypatch.setenv("LANG", f"{language}.UTF-8")
            calendar._built.cache_clear()
            assert {code: calendar_of(code).version for code in CODES} == expected
    finally:
        calendar._built.cache_clear()


def test_a_calendar_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        calendar_of("DK").version = "another"  # type: ignore[misc]  # the fault is the test
