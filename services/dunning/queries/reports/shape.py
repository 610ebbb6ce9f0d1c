"""What a report is, whatever it is shown on: its figures and tables by key, without a word.

Page, API, CSV and XLSX all draw this. Values are plain: `Money`, `Decimal` (percent and days with one
decimal), whole numbers, days, keys of words, ids, and sealed names that only a person's page opens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal
from uuid import UUID

from shared.money import Money
from shared.sealed import Sealed

Kind = Literal["id", "text", "word", "person", "day", "month", "money", "count", "percent", "days"]
"""`id` is for machines only; `word` is a key whose word stands in the reader's language."""
Cell = Money | Decimal | int | date | str | UUID | Sealed | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """`totals` are rows beneath the others. `of` is how many rows there are in all, `rows` a part."""

    key: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: Sequence[Row] = ()
    of: int | None = None

    @property
    def size(self) -> int:
        return len(self.rows) if self.of is None else self.of

    def place(self, key: str) -> int:
        return next(n for n, column in enumerate(self.columns) if column.key == key)

    def records(self) -> Iterator[dict[str, Cell]]:
        """The rows by their columns' keys."""
        for row in self.rows:
            yield {column.key: cell for column, cell in zip(self.columns, row, strict=True)}


@dataclass(frozen=True, slots=True)
class Headline:
    """The one figure of a report, and what it was at `before_on`; None where nothing is known."""

    key: str
    value: Money | Decimal | int | None
    before: Money | Decimal | int | None = None
    before_on: date | None = None

    @property
    def change(self) -> Money | Decimal | int | None:
        match self.value, self.before:
            case Money() as now, Money() as then:
                return now - then if now.currency == then.currency else None
            case Decimal() as now, Decimal() as then:
                return now - then
            case int() as now, int() as then:
                return now - then
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of a chart: `key` is a word's key, a month, or the text that stands beside it."""

    key: str | date
    value: Decimal
    tone: Literal["bar", "rest", "minus"] = "bar"
    before: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """`trend` is a line over months, `bars` lie, `columns` stand."""

    kind: Literal["trend", "bars", "columns"]
    key: str
    marks: Sequence[Mark]
    unit: Literal["money", "count", "percent", "days"] = "money"


@dataclass(frozen=True, slots=True)
class Report:
    """`notes` are keys of sentences that must stand beside the figures for these to be understood."""

    code: str
    as_of: date
    known_at: datetime
    currency: str
    headline: Headline
    tables: Sequence[Table]
    chart: Chart | None = None
    notes: Sequence[str] = ()
    filters: Sequence[tuple[str, str]] = field(default=())

    def table(self, key: str) -> Table:
        return next(table for table in self.tables if table.key == key)

    def cut(self, first: int, most: int) -> Report:
        """The same with at most so many rows of each table, from the `first` (zero) on."""
        return replace(
            self,
            tables=[
                replace(table, rows=table.rows[first : first + most], of=table.size)
                for table in self.tables
            ],
        )


_TENTH = Decimal("0.1")


def tenth(value: Decimal | int) -> Decimal:
    return Decimal(value).quantize(_TENTH, ROUND_HALF_UP)


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """With one decimal, half-up; nothing of nothing has no share."""
    return tenth(Decimal(part) * 100 / Decimal(whole)) if whole else None
