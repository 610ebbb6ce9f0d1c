"""Late interest: simple, on the principal alone, each day at the rate of its half-year.

The sum is exact until the end of a window, where it is rounded once. A payment that settles interest
ends a window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from services.dunning.model.charge import Refusal
from services.dunning.model.day_count import by_year, days_of, years_of
from services.dunning.model.facts import ClaimFacts
from services.dunning.model.law.book import Days, Found, LawBook
from services.dunning.model.law.rows import Row
from services.dunning.model.policy import Policy
from services.dunning.values import Span
from shared.money import Money

CONTRACT: Final = "contract"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of one rate on one base, and what they exactly come to in minor units."""

    span: Span
    exact: Fraction
    rows: tuple[Row, ...]


def statutory_rule(country: str) -> str:
    return f"{country.lower()}.interest.statutory"


def stretches(
    facts: ClaimFacts,
    policy: Policy,
    law: LawBook,
    due_on: date,
    after: date,
    through: date,
    base: int,
) -> Iterator[Stretch]:
    """The interest of the days after one date and through another on an unchanged base, cut where
    the rate changes. Raises `RuleMissing` on coming to a day whose rate is not known.
    """
    if not base or policy.interest == "none":
        return
    rows: tuple[Row, ...]
    while after < through:
        if policy.interest == "contract":
            assert policy.contract_rate is not None
            rate, rule_id, rows, last = Fraction(policy.contract_rate), CONTRACT, (), through
        else:
            found = _legal(facts, law, due_on, after + _DAY)
            rate, rule_id, rows = found.value, found.row.rule_id, found.rows
            last = min(found.through_on, through)
        parts = by_year(after, last) if policy.day_count == "act/act" else ((after, last),)
        for first, end in parts:
            years = years_of(first, end, policy.day_count)
            span = Span(
                from_on=first + _DAY,
                through_on=end,
                days=days_of(first, end, policy.day_count),
                base=Money(base, facts.currency),
                rate=percent(rate),
                rule_id=rule_id,
            )
            yield Stretch(span, base * rate / 100 * years, rows)
        after = last


def refused_rate(
    facts: ClaimFacts, policy: Policy, law: LawBook, due_on: date, after: date, through: date
) -> Refusal | None:
    """Why an agreed rate may not be asked of a consumer on one of these days.

    Raises `RuleMissing` where the rate of a day is not known and so nothing can be compared.
    """
    if policy.interest != "contract" or facts.debtor_kind != "consumer":
        return None
    assert policy.contract_rate is not None
    while after < through:
        found = _legal(facts, law, due_on, after + _DAY)
        if Fraction(policy.contract_rate) > found.value:
            text = (
                f"{policy.contract_rate} % a year is more than the {percent(found.value)} % "
                f"that a consumer can be asked for on {after + _DAY}"
            )
            return Refusal(
                "RATE_ABOVE_LEGAL",
                found.row.rule_id,
                found.row.law,
                text,
                on=after + _DAY,
                field="contract_rate",
            )
        after = found.through_on
    return None


def _legal(facts: ClaimFacts, law: LawBook, due_on: date, on: date) -> Found:
    days = Days(accrual_day=on, due_date=due_on)
    return law.find(statutory_rule(facts.country), facts.debtor_kind, days)


def composed(stretch: Stretch) -> str:
    """How a rate comes about: `10.75 = 2.75 + 8`; alone where it is one number."""
    if not stretch.rows or not stretch.rows[0].formula:
        return stretch.span.rate
    stated = {row.rule_id: row.value or "" for row in stretch.rows[1:]}
    words = (stated.get(word, word) for word in stretch.rows[0].formula)
    return f"{stretch.span.rate} = {' '.join(words)}"


def percent(rate: Fraction) -> str:
    """As it is written: at least two decimals, more only where there are more."""
    hundredths = rate * 100
    if hundredths.denominator == 1:
        sign = "-" if hundredths < 0 else ""
        whole, rest = divmod(abs(hundredths.numerator), 100)
        return f"{sign}{whole}.{rest:02}"
    return f"{Decimal(rate.numerator) / Decimal(rate.denominator):f}"


def half_up(exact: Fraction) -> int:
    """To whole minor units, a half upwards: the one rounding. Interest is never negative."""
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
