"""Amounts, days and instants as a reader writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.money import Money
from shared.ui.formats import amount, day, full_day, instant, masked, moment, money
from shared.ui.language import Language
from shared.ui.reader import Reader, current_reader, drawn_for

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
TODAY = date(2026, 3, 2)


def reader(language: Language, zone: ZoneInfo = COPENHAGEN) -> Reader:
    return Reader(language, zone, TODAY)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "1,234,567.50"),
        ("da", "1.234.567,50"),
        ("sv", "1\u00a0234\u00a0567,50"),
        ("nb", "1\u00a0234\u00a0567,50"),
        ("fi", "1\u00a0234\u00a0567,50"),
    ],
)
def test_an_amount_is_grouped_as_the_reader_writes_it(language: Language, expected: str) -> None:
    assert amount(Money.of("1234567.50", "DKK"), reader(language)) == expected


@pytest.mark.parametrize("language", ["en", "da", "sv", "nb", "fi"])
def test_a_negative_amount_has_a_real_minus_sign(language: Language) -> None:
    assert amount(Money.of("-1980", "DKK"), reader(language)).startswith("\N{MINUS SIGN}1")


def test_an_amount_shows_as_many_decimals_as_its_currency_has() -> None:
    assert amount(Money(1250, "JPY"), reader("en")) == "1,250"
    assert amount(Money(1250, "KWD"), reader("en")) == "1.250"


def test_no_digit_of_the_largest_amount_is_lost() -> None:
    assert amount(Money(10**15 - 1, "DKK"), reader("en")) == "9,999,999,999,999.99"


def test_money_in_a_sentence_does_not_break_before_its_currency() -> None:
    assert money(Money.of("12.5", "SEK"), reader("en")) == "12.50\u00a0SEK"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Tue 3 Mar"),
        ("da", "tirs. 3. mar."),
        ("sv", "tis 3 mars"),
        ("nb", "tir. 3. mars"),
        ("fi", "ti 3.3."),
    ],
)
def test_a_day_stands_with_its_weekday(language: Language, expected: str) -> None:
    assert day(date(2026, 3, 3), reader(language)) == expected


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "Fri 12 Dec 2025"), ("fi", "pe 12.12.2025")]
)
def test_a_day_of_another_year_says_which(language: Language, expected: str) -> None:
    assert day(date(2025, 12, 12), reader(language)) == expected


def test_an_instant_is_a_day_in_the_readers_own_zone() -> None:
    late = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    assert day(late, reader("en")) == "Mon 2 Mar"
    assert day(late, reader("en", ZoneInfo("Europe/Helsinki"))) == "Tue 3 Mar"


def test_an_instant_of_today_says_so() -> None:
    morning = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
    assert instant(morning, reader("en")) == "today 08:30"
    assert instant(morning, reader("fi")) == "tänään 8.30"


def test_an_instant_of_another_day_has_day_and_time() -> None:
    assert instant(datetime(2026, 2, 25, 20, 44, tzinfo=UTC), reader("en")) == "Wed 25 Feb 21:44"


def test_the_demonstrations_clock_is_written_in_full() -> None:
    now = datetime(2026, 3, 2, 7, 40, tzinfo=UTC)
    assert moment(now, reader("en")) == "Mon 2 March 2026, 08:40"
    assert full_day(now, reader("da")).endswith("2. marts 2026")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3409 0012400781", "…0781"),
        ("SE45 5000 0000 0583 9825 7466", "…7466"),
        ("123456", "…56"),
        ("12", "…"),
        ("", "…"),
    ],
)
def test_an_account_shows_only_its_end_and_a_short_one_hardly_that(
    value: str, expected: str
) -> None:
    assert masked(value) == expected


def test_a_reader_is_known_only_while_a_page_is_drawn_for_them() -> None:
    with drawn_for(reader("da")):
        with drawn_for(reader("sv")):
            assert current_reader().language == "sv"
        assert current_reader().language == "da"
    with pytest.raises(LookupError):
        current_reader()
