"""An independent calculator: one day at a time, exact fractions, no segments, rates typed off the table.

It knows principal-first allocation, half-years and 365 days. What it says must be what the engine says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from services.dunning.model.facts import ClaimFacts

_REFERENCE = {
    "DK": "0.05 0.05 0.05 0.05 0.05 -0.35 -0.45 -0.45 1.90 3.25 3.75 3.50 2.75 1.75 1.75",
    "SE": "-0.50 0 0 0 0 0 0 0.50 2.50 3.50 4.00 4.00 3.00 2.00 2.00 2.00",
    "NO": "8.75 9.25 9.50 8.00 8.00 8.00 8.50 9.25 10.75 11.75 12.50 12.50 12.50 12.25 12.00 12.25",
    "FI": "0 0 0 0 0 0 0 0 2.50 4.00 4.50 4.50 3.50 2.50 2.50 2.50",
}
_FIRST_YEAR = 2019


def rate_on(country: str, kind: str, day: date) -> Fraction:
    """The yearly rate of a day, in percent."""
    half = (day.year - _FIRST_YEAR) * 2 + (day.month > 6)
    reference = Fraction(_REFERENCE[country].split()[half])
    if country == "NO":
        return reference
    return reference + (7 if (country, kind) == ("FI", "consumer") else 8)


def interest(facts: ClaimFacts, on: date) -> int:
    """All interest by a day in minor units, rounded once."""
    assert facts.due_on is not None
    exact = Fraction(0)
    for day in _days(facts.due_on, on):
        base = facts.principal.minor
        for one in facts.reductions:
            # A correction was never owed; the rest still bears interest on its own day.
            if one.kind == "correction" or one.value_on < day:
                base -= one.amount.minor
        exact += Fraction(max(base, 0)) * rate_on(facts.country, facts.debtor_kind, day) / 36500
    return int(exact + Fraction(1, 2))


def _days(after: date, through: date) -> Iterator[date]:
    day = after + timedelta(days=1)
    while day <= through:
        yield day
        day += timedelta(days=1)
