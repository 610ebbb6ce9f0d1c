"""Tables as files: CSV and XLSX, in the reader's language or in the form that programs read.

A cell that begins like a formula is never one: spreadsheets run what a customer's name says. In CSV such
a text gets an apostrophe before it (OWASP, "CSV Injection"); in XLSX texts are written as texts.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import xlsxwriter
from babel.numbers import format_decimal

from shared.money import Money, exponent
from shared.ui import formats
from shared.ui.reader import Reader

Cell = Money | Decimal | int | date | str | UUID | None
CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
_WIDTHS: Final = (9, 42)
_DAY: Final = "yyyy-mm-dd"


@dataclass(frozen=True, slots=True)
class Head:
    """A column: an amount takes two in a file, its figure and its currency."""

    title: str
    is_money: bool = False
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """`totals` stand beneath the rows and look like sums."""

    title: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    totals: Sequence[Sequence[Cell]] = ()


def csv_of(sheets: Sequence[Sheet], reader: Reader | None, currency: str = "currency") -> bytes:
    """The sheets one under the other. For a reader: semicolons, their decimal sign, a byte order mark,
    as spreadsheets of the Nordics expect; without one: commas, points, ISO days (RFC 4180).
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if reader else ",")
    for place, sheet in enumerate(sheets):
        if len(sheets) > 1:
            if place:
                writer.writerow([])
            writer.writerow([_text(sheet.title)])
        writer.writerow([_text(title) for title in _titles(sheet, currency)])
        for row in [*sheet.rows, *sheet.totals]:
            writer.writerow(_written(sheet, row, reader))
    return ((_BOM if reader else "") + out.getvalue()).encode()


def xlsx_of(sheets: Sequence[Sheet], reader: Reader | None, currency: str = "currency") -> bytes:
    """A workbook with a sheet for each. Figures and days stay figures and days, whoever reads it."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        # The same report is the same file: nothing in it says when it was made.
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001  the format has no zone
        names: set[str] = set()
        for sheet in sheets:
            _fill(book, book.add_worksheet(_name(sheet.title, names)), sheet, reader, currency)
    return out.getvalue()


def _titles(sheet: Sheet, currency: str) -> list[str]:
    titles = []
    for head in sheet.heads:
        titles.append(head.title)
        if head.is_money:
            titles.append(currency)
    return titles


def _written(sheet: Sheet, row: Sequence[Cell], reader: Reader | None) -> list[str]:
    cells: list[str] = []
    for head, cell in zip(sheet.heads, row, strict=True):
        cells.append(_one(cell, reader))
        if head.is_money:
            cells.append(cell.currency if isinstance(cell, Money) else "")
    return cells


def _one(cell: Cell, reader: Reader | None) -> str:
    match cell:
        case None:
            return ""
        case Money():
            return _decimal(cell.decimal, exponent(cell.currency), reader)
        case Decimal():
            return _decimal(cell, 1, reader)
        case int():
            return str(cell)
        case date():
            return cell.isoformat()
        case UUID():
            return str(cell)
        case _:
            return _text(cell)


def _decimal(value: Decimal, decimals: int, reader: Reader | None) -> str:
    if reader is None:
        return f"{value:.{decimals}f}"
    pattern = "0." + "0" * decimals if decimals else "0"
    return format_decimal(value, format=pattern, locale=reader.locale).replace(
        "\N{MINUS SIGN}", "-"
    )


def _text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    risky = text.startswith(_RISKY) or text.lstrip().startswith(_RISKY[:4])
    return f"'{text}" if risky else text


def _fill(book: Any, to: Any, sheet: Sheet, reader: Reader | None, currency: str) -> None:
    bold, heading = {"bold": True}, {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
    titles = _titles(sheet, currency)
    for column, title in enumerate(titles):
        to.write_string(0, column, title, book.add_format(heading))
    styles: dict[tuple[str, bool], Any] = {}

    def style(pattern: str, *, strong: bool) -> Any:
        if (pattern, strong) not in styles:
            face = {"num_format": pattern, **(bold if strong else {})}
            styles[pattern, strong] = book.add_format(face)
        return styles[pattern, strong]

    widths = [len(title) for title in titles]
    lines = [(row, False) for row in sheet.rows] + [(row, True) for row in sheet.totals]
    for line, (row, strong) in enumerate(lines, start=1):
        column = 0
        for head, cell in zip(sheet.heads, row, strict=True):
            _write(
                to, line, column, cell, lambda pattern, strong=strong: style(pattern, strong=strong)
            )
            widths[column] = max(widths[column], len(_one(cell, reader)))
            column += 1
            if head.is_money:
                code = cell.currency if isinstance(cell, Money) else ""
                to.write_string(line, column, code, style("@", strong=strong))
                column += 1
    for column, width in enumerate(widths):
        to.set_column(column, column, min(max(width + 2, _WIDTHS[0]), _WIDTHS[1]))
    to.freeze_panes(1, 0)


def _write(to: Any, line: int, column: int, cell: Cell, style: Any) -> None:
    """Each kind by its own method, so that nothing guesses what a text might mean."""
    match cell:
        case None:
            to.write_blank(line, column, None, style("@"))
        case Money():
            decimals = exponent(cell.currency)
            pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
            to.write_number(line, column, cell.decimal, style(pattern))
        case Decimal():
            to.write_number(line, column, cell, style("0.0"))
        case int():
            to.write_number(line, column, cell, style("0"))
        case date():
            on = datetime.combine(cell, datetime.min.time())
            to.write_datetime(line, column, on, style(_DAY))
        case _:
            to.write_string(line, column, str(cell), style("@"))


def _name(title: str, taken: set[str]) -> str:
    """A sheet's name: at most 31 letters, none of those that the format forbids, and no other's."""
    plain = "".join(letter for letter in title if letter not in "[]:*?/\\'")[:28] or "1"
    name, number = plain, 2
    while name.casefold() in taken:
        name, number = f"{plain} {number}", number + 1
    taken.add(name.casefold())
    return name


def spoken(cell: Cell, reader: Reader) -> str:
    """A cell as a sentence or a page says it."""
    match cell:
        case None:
            return ""
        case Money():
            return formats.amount(cell, reader)
        case Decimal():
            return formats.decimal(cell, reader)
        case date():
            return formats.day(cell, reader)
        case int():
            return formats.count(cell, reader)
        case _:
            return str(cell)
