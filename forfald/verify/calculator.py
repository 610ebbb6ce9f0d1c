"""A second opinion on what the law allows, made apart from the engine that it checks.

It knows the rates and caps of the four countries by heart and counts day by day with exact fractions: slow
and small on purpose. Sources: renteloven §§ 5 and 9 b; räntelagen 6 § and lagen (1981:739) 2 §;
forsinkelsesrenteloven § 3 and inkassoforskriften § 1-2; korkolaki 4 § and perintälaki 10 a §.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

_DAY: Final = timedelta(days=1)
_SERIES: Final[dict[str, tuple[str, ...]]] = {
    # Two a year from the first half of 2022: what the central bank's rate made of it, in percent.
    "DK": ("-0.45", "-0.45", "1.90", "3.25", "3.75", "3.50", "2.75", "1.75", "1.75"),
    "SE": ("0", "0.5", "2.5", "3.5", "4", "4", "3", "2", "2", "2"),
    "NO": ("8.5", "9.25", "10.75", "11.75", "12.5", "12.5", "12.5", "12.25", "12", "12.25"),
    "FI": ("0", "0", "2.5", "4", "4.5", "4.5", "3.5", "2.5", "2.5", "2.5"),
}
_FIRST_YEAR: Final = 2022
_MARGIN: Final = {
    "DK": {"consumer": 8, "company": 8},
    "SE": {"consumer": 8, "company": 8},
    "NO": {"consumer": 0, "company": 0},
    "FI": {"consumer": 7, "company": 8},
}
_FEE_CAP: Final = {
    "DK": {"reminder": (100_00, 100_00), "warning": (100_00, 100_00)},
    "SE": {"reminder": (60_00, 60_00), "warning": (180_00, 180_00)},
    "NO": {"reminder": (38_00, 38_00), "warning": (38_00, 38_00)},
    "FI": {"reminder": (5_00, 12_00), "warning": (0, 0)},
}
"""For a consumer, and for a company."""
FEES_MOST: Final = {"DK": 3, "SE": 2, "NO": 2, "FI": 99}
"""How many letters on one invoice may bear a fee."""
GAP_DAYS: Final = {"DK": 10, "SE": 0, "NO": 0, "FI": 14}
"""How many days must lie between two letters of which the later bears a fee."""


@dataclass(frozen=True, slots=True)
class Paid:
    """Minor units that count at the end of a day."""

    minor: int
    on: date


def rate_on(country: str, kind: str, day: date) -> Fraction | None:
    """Percent a year that the law sets for a day; None where it is not known here."""
    place = (day.year - _FIRST_YEAR) * 2 + (day.month > 6)  # noqa: PLR2004  the second half of a year
    series = _SERIES[country]
    if not 0 <= place < len(series):
        return None
    return Fraction(series[place]) + _MARGIN[country][kind]


def most_interest(
    country: str,
    kind: str,
    owed: int,
    due_on: date,
    until: date,
    paid: Sequence[Paid],
    agreed: str | None,
) -> int | None:
    """The most interest in minor units from the due date to a day, the day included.

    `agreed` is a yearly rate in percent in the law's place. None where a day's rate is not known.
    """
    sum_ = Fraction(0)
    day = due_on + _DAY
    while day <= until:
        base = max(owed - sum(one.minor for one in paid if one.on < day), 0)
        rate = Fraction(agreed) if agreed is not None else rate_on(country, kind, day)
        if rate is None:
            return None
        sum_ += base * rate / 100 / 365
        day += _DAY
    return int(sum_ + Fraction(1, 2))


def fee_cap(country: str, kind: str, letter: str) -> int:
    """The most that a letter of a kind may cost a debtor of a kind, in minor units."""
    consumer, company = _FEE_CAP[country][letter]
    return company if kind == "company" else consumer
