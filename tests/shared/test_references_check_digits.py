"""The arithmetic of check digits, by published examples and by what it must catch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.references.check_digits import is_digits, luhn, mod10_731, mod11

bodies = st.text("0123456789", min_size=1, max_size=24)


@st.composite
def misread(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> str:
    """A number of which one digit has become another."""
    number = draw(numbers)
    at = draw(st.integers(0, len(number) - 1).filter(lambda at: number[at] != "-"))
    other = draw(st.sampled_from("0123456789").filter(lambda digit: digit != number[at]))
    return number[:at] + other + number[at + 1 :]


@pytest.mark.parametrize(
    ("body", "digit"),
    [
        ("02684014996532", "8"),
        ("00000000000001", "8"),
        ("00404040000066", "9"),
        ("123456789012345", "2"),
        ("507312", "7"),
        ("12345678", "2"),
    ],
)
def test_luhn_gives_the_published_digit(body: str, digit: str) -> None:
    assert luhn(body) == digit


@pytest.mark.parametrize(
    ("body", "digit"), [("12345678", "5"), ("10000004", "0"), ("1009", "-"), ("8601111794", "7")]
)
def test_modulus_11_gives_the_published_digit(body: str, digit: str) -> None:
    assert mod11(body) == digit


@pytest.mark.parametrize(
    ("body", "digit"), [("123456", "1"), ("123", "2"), ("12345", "3"), ("123456712345678", "4")]
)
def test_7_3_1_gives_the_published_digit(body: str, digit: str) -> None:
    assert mod10_731(body) == digit


@given(misread(bodies.map(lambda body: body + luhn(body))))
def test_luhn_catches_every_changed_digit(number: str) -> None:
    assert luhn(number[:-1]) != number[-1]


@given(misread(bodies.map(lambda body: body + mod11(body))))
def test_modulus_11_catches_every_changed_digit(number: str) -> None:
    assert mod11(number[:-1]) != number[-1]


@given(misread(bodies.map(lambda body: body + mod10_731(body))))
def test_7_3_1_catches_every_changed_digit(number: str) -> None:
    assert mod10_731(number[:-1]) != number[-1]


@pytest.mark.parametrize("text", ["", " ", "12a", "1 2", "-1", "²", "\u0661\u0662", "\uff11\uff12"])
def test_only_the_ten_ascii_digits_are_digits(text: str) -> None:
    assert not is_digits(text)
