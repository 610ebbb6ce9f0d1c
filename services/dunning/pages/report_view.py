"""A report as people read it: its figures written for the reader, names opened, its chart drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from markupsafe import Markup

from services.dunning.pages import report_words as w
from services.dunning.queries.reports.shape import (
    Cell,
    Chart,
    Column,
    Headline,
    Mark,
    Report,
    Row,
    Table,
)
from services.dunning.queries.reports.sheets import FIGURES
from shared.money import Money
from shared.sealed import Sealed
from shared.ui import charts, formats, sheets
from shared.ui.language import translator
from shared.ui.reader import Reader
from shared.ui.sheets import Head, Sheet

_BENEATH: Final[Mapping[str, Sequence[str]]] = {
    "debtor": ("name",),
    "last_notice": ("last_on",),
    "next_step": ("next_on",),
    "state": ("reason", "until_on"),
    "suggestion": ("suggested",),
    "since": ("by",),
    "invoice": ("issued_on",),
    "days_past_due": ("bucket",),
}
"""Columns that stand beneath another one on a page, where width is dear."""
_ROOMY: Final = 6
"""So many columns fit: of more, those that hold nothing are left to the files, apart from these."""
_NEVER_LEFT_OUT: Final = frozenset({
    "opening", "charged", "paid", "closing", "principal", "interest", "fees", "unmatched", "balance",
    "open", "overdue", "difference",
})  # fmt: skip
_ONLY_WHAT_HAPPENED: Final = "days_of_month"
_ENOUGH_FOR_LATEST: Final = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell: `beneath` are smaller lines under it."""

    text: str
    is_figure: bool
    beneath: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ShownTable:
    key: str
    title: str
    heads: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[Shown]]
    totals: Sequence[Sequence[Shown]]
    size: int


@dataclass(frozen=True, slots=True)
class Card:
    """A report on the overview: its name, its figure with the change, its chart."""

    code: str
    title: str
    figure: str
    finding: str
    change: str
    chart: Markup


@dataclass(frozen=True, slots=True)
class Names:
    """Customers' names, opened for whoever looks."""

    opened: Mapping[Sealed, str]

    def of(self, cell: Sealed) -> str:
        return self.opened.get(cell, "")


def names_in(report: Report) -> set[Sealed]:
    return {
        cell
        for table in report.tables
        for row in (*table.rows, *table.totals)
        for cell in row
        if isinstance(cell, Sealed)
    }


@dataclass(frozen=True, slots=True)
class View:
    """Writes one report for one reader."""

    report: Report
    reader: Reader
    names: Names

    def tables(self) -> list[ShownTable]:
        return [self.table(table) for table in self.report.tables]

    def table(self, table: Table) -> ShownTable:
        places = self._places(table)
        lines = table.rows
        if table.key == _ONLY_WHAT_HAPPENED:
            lines = [row for row in lines if row[table.place("payments")]]
        rows = [self._cells(table, row, places) for row in lines]
        totals = [self._cells(table, row, places) for row in table.totals]
        for cells in totals:
            if not cells[0].text:
                cells[0] = Shown(w.words(self.reader.language)["total"], is_figure=False)
        words = w.columns(self.reader.language)
        heads = [
            (words[table.columns[n].key], table.columns[n].kind in FIGURES and n != places[0])
            for n in places
        ]
        title = w.table_title(self.report.code, table.key, self.reader.language)
        return ShownTable(table.key, title, heads, rows, totals, table.size)

    def card(self) -> Card:
        code, language = self.report.code, self.reader.language
        headline = self.report.headline
        return Card(
            code=code,
            title=w.titles(language)[code],
            figure=self.figure(headline.value),
            finding=w.findings(language)[headline.key],
            change=self.change(headline),
            chart=self.chart(),
        )

    def figure(self, value: Money | Decimal | int | None) -> str:
        if value is None:
            return translator(self.reader.language).gettext("nothing known")
        if isinstance(value, Money):
            return formats.money(value, self.reader)
        return sheets.spoken(value, self.reader)

    def change(self, headline: Headline) -> str:
        """1,000.00 less than on 28 Feb."""
        change, gettext = headline.change, translator(self.reader.language).gettext
        if change is None or headline.before_on is None:
            return ""
        facts = {"day": formats.day(headline.before_on, self.reader)}
        minor = change.minor if isinstance(change, Money) else change
        if not minor:
            return gettext("as on %(day)s") % facts
        size = -change if minor < 0 else change
        facts["much"] = sheets.spoken(size, self.reader)
        less, more = (
            gettext("%(much)s less than on %(day)s"),
            gettext("%(much)s more than on %(day)s"),
        )
        return (less if minor < 0 else more) % facts

    def chart(self) -> Markup:
        """The chart, with its finding in words; nothing where there is nothing to draw."""
        chart = self.report.chart
        if chart is None or not any(mark.value for mark in chart.marks):
            return Markup("")
        words = charts.Words(
            w.titles(self.reader.language)[self.report.code],
            self._described(chart),
            f"chart-{self.report.code.lower()}",
        )
        match chart.kind:
            case "trend":
                return self._trend(chart, words)
            case "bars":
                return charts.lying([self._bar(chart, mark) for mark in chart.marks], words)
            case "columns":
                marks = chart.marks[-_ENOUGH_FOR_LATEST:]
                return charts.standing([self._bar(chart, mark) for mark in marks], words)

    def sheets(self) -> list[Sheet]:
        """The tables whole, as a file for this reader."""
        return [self._sheet(table) for table in self.report.tables]

    def _sheet(self, table: Table) -> Sheet:
        places = [n for n, column in enumerate(table.columns) if column.kind != "id"]
        words = w.columns(self.reader.language)
        columns = [table.columns[n] for n in places]
        heads = [Head(words[c.key], c.kind == "money", c.kind in FIGURES) for c in columns]

        def cells(row: Row) -> list[sheets.Cell]:
            found: list[sheets.Cell] = []
            for n in places:
                cell, kind = row[n], table.columns[n].kind
                plain = kind in FIGURES or kind in {"day", "month"}
                if plain and not isinstance(cell, (Sealed, str)):
                    found.append(cell)
                else:
                    found.append(self._text(table.columns[n], cell))
            return found

        title = w.table_title(self.report.code, table.key, self.reader.language)
        return Sheet(title, heads, [*map(cells, table.rows)], [*map(cells, table.totals)])

    def _places(self, table: Table) -> list[int]:
        """The columns that a page shows: no ids, none that stands beneath another, none that only
        repeats, and of many figures those that say anything.
        """
        beneath = {key for keys in _BENEATH.values() for key in keys}
        keys = {column.key for column in table.columns}
        shown = [
            n
            for n, column in enumerate(table.columns)
            if column.kind != "id"
            and not (column.key in beneath and any(column.key in _BENEATH.get(k, ()) for k in keys))
            and not self._repeats(table, n)
        ]
        if len(shown) <= _ROOMY:
            return shown
        rows = [*table.rows, *table.totals]
        kept = [table.columns[n].key in _NEVER_LEFT_OUT for n in shown]
        return [
            n
            for n, keep in zip(shown, kept, strict=True)
            if keep or any(_says(row[n]) for row in rows)
        ]

    def _repeats(self, table: Table, place: int) -> bool:
        """Whether an amount in the creditor's own currency is the amount beside it."""
        key = table.columns[place].key
        if not key.endswith("_base"):
            return False
        beside = table.place(key.removesuffix("_base"))
        return all(row[place] in {row[beside], None} for row in (*table.rows, *table.totals))

    def _cells(self, table: Table, row: Row, places: Sequence[int]) -> list[Shown]:
        keys = {column.key: n for n, column in enumerate(table.columns)}
        cells = []
        for n in places:
            column = table.columns[n]
            beneath = [
                self._text(table.columns[keys[key]], row[keys[key]])
                for key in _BENEATH.get(column.key, ())
                if key in keys
            ]
            text = self._text(column, row[n])
            if column.key == "debtor" and beneath and beneath[0]:
                text, beneath = beneath[0], [text]
            lines = [line for line in beneath if line]
            cells.append(Shown(text, column.kind in FIGURES, lines))
        return cells

    def _text(self, column: Column, cell: Cell) -> str:
        match cell:
            case None:
                return ""
            case Sealed():
                return self.names.of(cell)
            case Money():
                own = cell.currency == self.report.currency
                return (formats.amount if own else formats.money)(cell, self.reader)
            case date() if column.kind == "month":
                return formats.month(cell, self.reader)
            case str() if column.key == "by":
                gettext = translator(self.reader.language).gettext
                return gettext("a person") if cell.startswith("user:") else gettext("by itself")
            case str() if column.kind in {"word", "text"}:
                return self._word(cell)
            case _:
                return sheets.spoken(cell, self.reader) if not isinstance(cell, str) else cell

    def _word(self, text: str) -> str:
        known = w.words(self.reader.language)
        return known.get(text) or _span(text)

    def _bar(self, chart: Chart, mark: Mark) -> charts.Bar:
        shown = self._value(chart, mark.value)
        return charts.Bar(self._label(mark), mark.value, shown, mark.tone)

    def _label(self, mark: Mark) -> str:
        if isinstance(mark.key, date):
            return formats.month(mark.key, self.reader, year=False)
        return self._word(mark.key)

    def _value(self, chart: Chart, value: Decimal) -> str:
        """On a chart amounts are whole: the table beneath has the rest."""
        match chart.unit:
            case "money" | "count":
                return formats.count(int(value.to_integral_value()), self.reader)
            case "percent" | "days":
                return formats.decimal(value, self.reader)

    def _trend(self, chart: Chart, words: charts.Words) -> Markup:
        most = max(max(mark.value, mark.before or Decimal(0)) for mark in chart.marks)
        ticks = [(tick, self._tick(chart, tick)) for tick in charts.round_ticks(most)]
        last = chart.marks[-1]
        gettext = translator(self.reader.language).gettext
        before = gettext("agreed") if chart.unit == "days" else gettext("year before")
        ends = charts.Ends(
            self._value(chart, last.value),
            formats.month(last.key, self.reader) if isinstance(last.key, date) else last.key,
            self._value(chart, last.before) if last.before is not None else "",
            before if last.before is not None else "",
        )
        points = [charts.Point(self._label(mark), mark.value, mark.before) for mark in chart.marks]
        return charts.line(points, ends, words, ticks)

    def _tick(self, chart: Chart, tick: Decimal) -> str:
        whole = tick == tick.to_integral_value()
        return formats.count(int(tick), self.reader) if whole else self._value(chart, tick)

    def _described(self, chart: Chart) -> str:
        """All marks in words, so that nothing is seen only."""
        marks = chart.marks[-_ENOUGH_FOR_LATEST:]
        said = [f"{self._label(mark)} {self._value(chart, mark.value)}" for mark in marks]
        return "; ".join(said) + "."


def _says(cell: Cell) -> bool:
    return bool(cell) if isinstance(cell, (Money, Decimal, int, str)) else cell is not None


def _span(text: str) -> str:
    """1-30 and -4..-1 with a dash between numbers, and their minus a minus."""
    if not any(letter.isdigit() for letter in text) or any(letter.isalpha() for letter in text):
        return text
    first, dots, last = text.partition("..")
    if dots:
        return f"{_minus(first)} – {_minus(last)}" if "-" in text else f"{first}–{last}"
    if text[0] in "<>":
        return text[0] + _minus(text[1:])
    return text if text.startswith("-") else text.replace("-", "–")


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


Form = Literal["reader", "machine"]
