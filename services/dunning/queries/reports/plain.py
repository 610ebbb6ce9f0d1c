"""A report as programs read it, and as a frozen pack keeps it: keys, ids and figures, no names.

The same report is the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from services.dunning.queries.reports.shape import Cell, Column, Headline, Report, Row, Table
from shared.money import Money
from shared.sealed import Sealed


def plain(report: Report) -> dict[str, Any]:
    """Names are on the page, behind its signing in; here a debtor is its id and number."""
    return {
        "code": report.code,
        "as_of": report.as_of.isoformat(),
        "known_at": report.known_at.isoformat(),
        "currency": report.currency,
        "headline": _headline(report.headline),
        "notes": list(report.notes),
        "tables": [plain_table(table) for table in report.tables],
    }


def plain_table(table: Table) -> dict[str, Any]:
    shown = [
        (place, column) for place, column in enumerate(table.columns) if column.kind != "person"
    ]
    return {
        "key": table.key,
        "columns": [{"key": column.key, "kind": column.kind} for _, column in shown],
        "rows": [_row(shown, row) for row in table.rows],
        "totals": [_row(shown, row) for row in table.totals],
        "size": table.size,
    }


def plain_cell(cell: Cell) -> Any:
    """Amounts in minor units with their currency, percentages and days as text, days in ISO form."""
    match cell:
        case Money():
            return {"minor": cell.minor, "currency": cell.currency}
        case Decimal() | UUID():
            return str(cell)
        case datetime() | date():
            return cell.isoformat()
        case Sealed():
            return None
        case _:
            return cell


def encoded(content: Any) -> bytes:
    """The bytes that are kept and hashed."""
    return msgspec.json.encode(content, order="sorted")


def _row(shown: Sequence[tuple[int, Column]], row: Row) -> dict[str, Any]:
    return {column.key: plain_cell(row[place]) for place, column in shown}


def _headline(headline: Headline) -> dict[str, Any]:
    return {
        "key": headline.key,
        "value": plain_cell(headline.value),
        "before": plain_cell(headline.before),
        "before_on": plain_cell(headline.before_on),
        "change": plain_cell(headline.change),
    }
