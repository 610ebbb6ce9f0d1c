"""The book of law: which row holds for a rule, a kind of debtor and a day, on what was known when.

It never guesses. A day without a row is `RuleMissing`, whoever asks; the last row known is not reused.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
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
        day: date | None = getattr(self, selector)
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
        return Money(self.number, self.row.currency)

    @property
    def number(self) -> int:
        assert self.value.denominator == 1, f"{self.value} is not whole"
        return self.value.numerator


class LawBook:
    """All rows that are known, indexed. Immutable: rows are looked up, never put in."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows: Final = tuple(rows)
        self.version: Final = _hash(self.rows)
        self._index: Final = _indexed(self.rows)
        self._recorded: Final = sorted({row.recorded_at for row in self.rows})
        self._known: dict[datetime | None, LawBook] = {}
        self._found: dict[tuple[Row, ...], Found] = {}

    def as_known(self, known_at: datetime | None) -> LawBook:
        """The book as it was at an instant: without what was recorded later, corrections included."""
        if known_at is None:
            return self
        # Books are kept by what they hold, not by whatever instant somebody asks about.
        recorded = [at for at in self._recorded if at <= known_at]
        if len(recorded) == len(self._recorded):
            return self
        last = recorded[-1] if recorded else None
        if last not in self._known:
            rows = (row for row in self.rows if last is not None and row.recorded_at <= last)
            self._known[last] = LawBook(rows)
        return self._known[last]

    def governs(self, rule_id: str, debtor_kind: LegalKind) -> bool:
        """Whether there is such a rule for such a debtor at all, on whichever day."""
        return (rule_id, debtor_kind) in self._index

    def cited(self, rule_id: str) -> str:
        """The paragraph of a rule, whoever and whenever it is for; empty where there is none."""
        return next((row.law for row in self.rows if row.rule_id == rule_id), "")

    def row(self, rule_id: str, debtor_kind: LegalKind, on: date) -> Row:
        """The row that holds on the day by which the rule is chosen."""
        rows = self._index.get((rule_id, debtor_kind), ())
        at = bisect_right(rows, on, key=_start) - 1
        if at >= 0 and rows[at].holds(on):
            return rows[at]
        raise RuleMissing(rule_id, debtor_kind, on, rows[-1].law if rows else "")

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
        if row.tiers:
            assert base is not None, f"{rule_id} goes by a principal"
            value = next(t.value for t in row.tiers if t.through is None or base.minor <= t.through)
            return Found(Fraction(value), row, (row,), _last_of(row))
        if row.formula:
            terms = [
                self.find(word, debtor_kind, days)
                for word in row.formula[::2]
                if not word[0].isdigit()
            ]
            return self._once((row, *(term.row for term in terms)), lambda: _worked_out(row, terms))
        return self._once((row,), lambda: _stated(row))

    def _once(self, rests_on: tuple[Row, ...], make: Callable[[], Found]) -> Found:
        """Rows do not change: what follows from the same ones is the same, and is kept."""
        found = self._found.get(rests_on)
        if found is None:
            found = self._found[rests_on] = make()
        return found

    def named(self, rule_id: str, debtor_kind: LegalKind, on: date) -> str:
        """The choice in words that a rule of unit `name` makes."""
        value = self.row(rule_id, debtor_kind, on).value
        assert value is not None
        return value


def _stated(row: Row) -> Found:
    assert row.value is not None
    assert row.unit is not Unit.NAME
    return Found(_fraction(row.value), row, (row,), _last_of(row))


def _worked_out(row: Row, terms: Sequence[Found]) -> Found:
    """A formula from left to right: `a + b`, `a * 3 / 20`."""
    value, used, last = Fraction(0), [row], _last_of(row)
    left = iter(terms)
    for position, word in enumerate(row.formula[::2]):
        operator = row.formula[position * 2 - 1] if position else "+"
        if word[0].isdigit():
            number = _fraction(word)
        else:
            term = next(left)
            number, last = term.value, min(last, term.through_on)
            used += term.rows
        value = _OPERATORS[operator](value, number)
    if row.rounding == "whole_krone":
        value = Fraction(_half_up(value / _WHOLE) * _WHOLE)
    return Found(value, row, tuple(used), last)


def _last_of(row: Row) -> date:
    """The last accrual day that a row holds for, where it is chosen by that."""
    if row.selector is Selector.ACCRUAL_DAY and row.valid_to is not None:
        return row.valid_to - _DAY
    return _FAR


def _start(row: Row) -> date:
    return row.valid_from or date.min


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
    return tuple(sorted(kept, key=_start))


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


def _first(days: Days) -> date:
    known = (getattr(days, selector) for selector in Selector)
    return next((day for day in known if day is not None), date.min)
