"""Money is whole minor units of one currency, whatever anybody brings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import Money, MoneyError, exponent, sums

pytestmark = pytest.mark.property_("P15")

CURRENCIES = st.sampled_from(["DKK", "SEK", "NOK", "EUR", "JPY", "ISK", "KWD"])
MINOR = st.integers(-(10**14), 10**14)


@pytest.mark.parametrize("minor", [1.0, 12.5, "1", Decimal(1), True, None])
def test_minor_units_are_whole_numbers(minor: Any) -> None:
    with pytest.raises(MoneyError, match="integer"):
        Money(minor, "DKK")


@pytest.mark.parametrize("currency", ["dkk", "DK", "KRONER", "", "ÆØÅ", "D K"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(MoneyError, match="three capital letters"):
        Money(1, currency)


def test_an_amount_has_at_most_fifteen_digits() -> None:
    assert Money(10**15 - 1, "DKK").minor == 10**15 - 1
    with pytest.raises(MoneyError, match="fifteen digits"):
        Money(-(10**15), "DKK")


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("1250.00", "DKK", 125_000), ("1250", "JPY", 1_250), ("1.234", "KWD", 1_234), ("-0.01", "EUR", -1)],
)  # fmt: skip
def test_the_currency_says_how_many_decimals_there_are(
    amount: str, currency: str, minor: int
) -> None:
    assert Money.of(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0.5", "JPY"), ("1.005", "DKK"), ("0.0001", "KWD"), ("NaN", "DKK"), ("Infinity", "DKK")],
)
def test_more_decimals_than_the_currency_has_are_refused(amount: str, currency: str) -> None:
    with pytest.raises(MoneyError, match="decimals"):
        Money.of(amount, currency)


@given(MINOR, CURRENCIES)
def test_its_decimal_form_is_the_same_amount(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.of(money.decimal, currency) == money
    assert -money.decimal.as_tuple().exponent == exponent(currency)  # type: ignore[operator]  # finite


@given(st.lists(st.tuples(MINOR, CURRENCIES).map(lambda pair: Money(*pair)), max_size=8))
def test_amounts_add_up_per_currency_to_the_unit(amounts: list[Money]) -> None:
    for currency, total in sums(amounts).items():
        assert total.minor == sum(one.minor for one in amounts if one.currency == currency)
        assert total.currency == currency


def test_two_currencies_do_not_add_up() -> None:
    for together in (
        lambda: Money(1, "DKK") + Money(1, "SEK"),
        lambda: Money(1, "DKK") - Money(1, "SEK"),
        lambda: Money(1, "DKK") < Money(1, "SEK"),
    ):
        with pytest.raises(MoneyError, match="do not add up"):
            together()


@pytest.mark.parametrize(
    ("amount", "minor"), [("0.005", 1), ("-0.005", -1), ("0.0049", 0), ("2.675", 268)]
)
def test_the_one_rounding_is_half_up(amount: str, minor: int) -> None:
    assert Money.rounded(Decimal(amount), "DKK") == Money(minor, "DKK")
