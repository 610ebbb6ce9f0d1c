"""Money: integer minor units with a currency. Never a float, never two currencies in one sum."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

# ISO 4217 minor-unit exponents of the currencies that are not two.
_EXPONENTS = {
    "BHD": 3, "CLP": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3,
    "LYD": 3, "OMR": 3, "PYG": 0, "TND": 3, "UGX": 0, "VND": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip
_LIMIT_MINOR = 10**15
_CODE = re.compile("[A-Z]{3}")


class MoneyError(ValueError):
    """An amount that is not money: the text names the rule it breaks."""


def exponent(currency: str) -> int:
    """How many decimals a currency has (ISO 4217), e.g. 2 for DKK, 0 for JPY."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (øre, öre, cents) of one currency (ISO 4217, three capitals)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise MoneyError(f"minor units are an integer, not {self.minor!r}")
        if abs(self.minor) >= _LIMIT_MINOR:
            raise MoneyError("an amount has at most fifteen digits")
        if not _CODE.fullmatch(self.currency):
            raise MoneyError(f"a currency is three capital letters, not {self.currency!r}")

    @classmethod
    def of(cls, amount: Decimal | str, currency: str) -> Self:
        """The amount from its decimal form; more decimals than the currency has are refused."""
        scaled = Decimal(amount).scaleb(exponent(currency))
        if not scaled.is_finite() or scaled != scaled.to_integral_value():
            raise MoneyError(f"{currency} has {exponent(currency)} decimals, {amount} has more")
        return cls(int(scaled), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> Self:
        """The amount half-up to the currency's minor unit: the one rounding of the house."""
        scaled = amount.scaleb(exponent(currency)).quantize(Decimal(1), ROUND_HALF_UP)
        return cls(int(scaled), currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in the currency's major unit, with its decimals: 1250.00."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other).minor

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other).minor

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal:,} {self.currency}"

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise MoneyError(f"{self.currency} and {other.currency} do not add up")
        return other


def sums(amounts: Iterable[Money]) -> dict[str, Money]:
    """One total per currency, in the order of the currencies' names."""
    totals: dict[str, Money] = {}
    for amount in amounts:
        totals[amount.currency] = totals.get(amount.currency, Money.zero(amount.currency)) + amount
    return dict(sorted(totals.items()))
