"""A report's tables as sheets of a file, in keys: what programs read. Names stay on the page."""

from __future__ import annotations

from services.dunning.queries.reports.shape import Cell, Report, Table
from shared.sealed import Sealed
from shared.ui import sheets
from shared.ui.sheets import Head, Sheet

FIGURES = frozenset({"money", "count", "percent", "days"})


def sheets_of(report: Report) -> list[Sheet]:
    return [_sheet(table) for table in report.tables]


def _sheet(table: Table) -> Sheet:
    shown = [n for n, column in enumerate(table.columns) if column.kind != "person"]
    columns = [table.columns[n] for n in shown]
    heads = [Head(c.key, c.kind == "money", c.kind in FIGURES) for c in columns]

    def cells(row: tuple[Cell, ...]) -> list[sheets.Cell]:
        return [_cell(row[n]) for n in shown]

    return Sheet(table.key, heads, [*map(cells, table.rows)], [*map(cells, table.totals)])


def _cell(cell: Cell) -> sheets.Cell:
    return None if isinstance(cell, Sealed) else cell
