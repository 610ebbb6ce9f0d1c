"""The book of law: which row holds for a rule, a kind of debtor and a day, on what was known when.

It never guesses. A day without a row is `RuleMissing`, whoever asks; the last row known is not reused.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Final

from services.dunning.model.facts import LegalKind
from services.dunning.model.law.rows import Row, Selector, Unit
from shared.money import Money

KINDS: Final[tuple[LegalKind, ...]] = ("consumer", "company", "authority")
_FAR: Final = date.max
_DAY: Final = timedelta(days=1)
_WHOLE: Final = 100
"""Minor units of a whole krone."""


class RuleMissing(LookupError):
    """There is a rule, and no row of it for this day: nothing may be charged by it."""

    code: Final = "RULE_MISSING"

    def __init__(self, rule_id: str, debtor_kind: str, on: date, law: str) -> None:
        super().__init__(f"no row of {rule_id} is known for {on.isoformat()} ({debtor_kind})")
        self.rule_id = rule_id
        self.debtor_kind = debtor_kind
        self.on = on
        self.law = law


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a claim by which rows are chosen. A rule that asks for one that is None is a fault of ours."""

    accrual_day: date | None = None
    notice_sent: date | None = None
    due_date: date | None = None
    measure_date: date | None = None
    transfer_date: date | None = None
    contract_date: date | None = None

    def by(self, selector: Selector) -> date:
        day: date | None = getattr(self, selector.value)
        if day is None:
            raise ValueError(f"a rule is chosen by {selector.value}, which is not given")
        return day


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule says: its value, the rows that it rests on, and the last accrual day that it holds for."""

    value: Fraction
    row: Row
    rows: tuple[Row, ...]
    through_on: date

    @property
    def is_unverified(self) -> bool:
        return any(one.is_unverified for one in self.rows)

    @property
    def money(self) -> Money:
        assert self.row.currency is not None
        return Money(_whole(self.value), self.row.currency)

    @property
    def number(self) -> int:
        return _whole(self.value)


class LawBook:
    """All rows that are known, indexed. Immutable: rows are looked up, never put in."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows: Final = tuple(rows)
        self.version: Final = _hash(self.rows)
        self._index: Final = _indexed(self.rows)
        self._by_rule: Final = frozenset(rule_id for rule_id, _ in self._index)
        self._known: dict[datetime, LawBook] = {}

    def as_known(self, known_at: datetime | None) -> LawBook:
        """The book as it was at an instant: without what was recorded later, corrections included."""
        if known_at is None or all(row.recorded_at <= known_at for row in self.rows):
            return self
        if known_at not in self._known:
            rows = (row for row in self.rows if row.recorded_at <= known_at)
            self._known[known_at] = LawBook(rows)
        return self._known[known_at]

    def governs(self, rule_id: str, debtor_kind: LegalKind) -> bool:
        """Whether there is such a rule for such a debtor at all, on whichever day."""
        return (rule_id, debtor_kind) in self._index

    def row(self, rule_id: str, debtor_kind: LegalKind, on: date) -> Row:
        """The row that holds on the day by which the rule is chosen."""
        rows = self._index.get((rule_id, debtor_kind), ())
        for row in rows:
            if row.holds(on):
                return row
        law = rows[-1].law if rows else ""
        raise RuleMissing(rule_id, debtor_kind, on, law)

    def chosen(self, rule_id: str, debtor_kind: LegalKind, days: Days) -> Row:
        """The row that the rule's own selector picks among a claim's days."""
        rows = self._index.get((rule_id, debtor_kind), ())
        if not rows:
            raise RuleMissing(rule_id, debtor_kind, _first(days), "")
        return self.row(rule_id, debtor_kind, days.by(rows[0].selector))

    def find(
        self, rule_id: str, debtor_kind: LegalKind, days: Days, base: Money | None = None
    ) -> Found:
        """What a rule says for these days; `base` is the principal that chooses among tiers."""
        row = self.chosen(rule_id, debtor_kind, days)
        last = _FAR
        if row.selector is Selector.ACCRUAL_DAY and row.valid_to is not None:
            last = row.valid_to - _DAY
        if row.tiers:
            assert base is not None, f"{rule_id} goes by a principal"
            value = next(t.value for t in row.tiers if t.through is None or base.minor <= t.through)
            return Found(Fraction(value), row, (row,), last)
        if not row.formula:
            assert row.value is not None
            assert row.unit is not Unit.NAME
            return Found(_fraction(row.value), row, (row,), last)
        return self._worked_out(row, debtor_kind, days, last)

    def _worked_out(self, row: Row, debtor_kind: LegalKind, days: Days, last: date) -> Found:
        """A formula from left to right: `a + b`, `a * 3 / 20`."""
        value, used = Fraction(0), [row]
        operator = "+"
        for position, word in enumerate(row.formula):
            if position % 2:
                operator = word
                continue
            if word[0].isdigit():
                term = _fraction(word)
            else:
                found = self.find(word, debtor_kind, days)
                term, last = found.value, min(last, found.through_on)
                used += found.rows
            value = _OPERATORS[operator](value, term)
        if row.rounding == "whole_krone":
            value = Fraction(_half_up(value / _WHOLE) * _WHOLE)
        return Found(value, row, tuple(used), last)

    def named(self, rule_id: str, debtor_kind: LegalKind, on: date) -> str:
        """The choice in words that a rule of unit `name` makes."""
        value = self.row(rule_id, debtor_kind, on).value
        assert value is not None
        return value


_OPERATORS: Final = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def _indexed(rows: tuple[Row, ...]) -> dict[tuple[str, LegalKind], tuple[Row, ...]]:
    """The rows that price, by rule and kind of debtor, without those that another one corrects."""
    index: dict[tuple[str, LegalKind], list[Row]] = defaultdict(list)
    for row in rows:
        if row.is_law:
            for kind in KINDS if row.debtor_kind == "any" else (row.debtor_kind,):
                index[row.rule_id, kind].append(row)  # type: ignore[index]  # the loader has checked the kind
    return {key: _current(found) for key, found in index.items()}


def _current(rows: list[Row]) -> tuple[Row, ...]:
    corrected = {row.supersedes for row in rows if row.supersedes}
    kept = [row for row in rows if row.version not in corrected]
    return tuple(sorted(kept, key=lambda row: row.valid_from or date.min))


def _hash(rows: tuple[Row, ...]) -> str:
    lines = sorted(json.dumps(asdict(row), default=str, sort_keys=True) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


@cache
def _fraction(text: str) -> Fraction:
    return Fraction(text)


def _half_up(value: Fraction) -> int:
    """To a whole number; a half goes up, away from zero for what is negative."""
    doubled = abs(value) * 2 + 1
    whole = doubled.numerator // (doubled.denominator * 2)
    return whole if value >= 0 else -whole


def _whole(value: Fraction) -> int:
    assert value.denominator == 1, f"{value} is not whole"
    return value.numerator


def _first(days: Days) -> date:
    known = (getattr(days, selector.value) for selector in Selector)
    return next((day for day in known if day is not None), date.min)
