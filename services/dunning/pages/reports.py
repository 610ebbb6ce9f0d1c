"""The reports as people see them: twelve cards, each report with chart and tables, files, packs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.dunning.desk import Desk, Sees
from services.dunning.pages import report_words as w
from services.dunning.pages.report_packs import home_of, packs_of
from services.dunning.pages.report_view import Names, View, names_in
from services.dunning.queries.reports import CODES, report, with_change, zone_of
from services.dunning.queries.reports.asking import Asked
from services.dunning.queries.reports.shape import Report
from services.dunning.queries.reports.sheets import sheets_of
from shared.clock import day_of
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Choice, Field, Pager
from shared.ui.reader import Reader
from shared.ui.sheets import CSV, XLSX, csv_of, xlsx_of
from shared.web.download import download
from shared.web.frame import frame
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope

ROWS = 100
Code = Annotated[str, Path(pattern="^T([1-9]|1[0-2])$")]


class Shown(Asked):
    """Long tables a page at a time: rows from `first` (zero) on."""

    first: int = 0


def reports_of(desk: Desk) -> APIRouter:
    pages = page_router("/dunning/{tenant_id}/reports")
    pages.routes.extend(packs_of(desk).routes)

    @pages.get("")
    def overview(request: Request, scope: Sees, asked: Annotated[Asked, Query()]) -> str:
        with desk.reading(scope.tenant_id) as sql:
            reader = _reader(request, sql, scope)
            view = asked.viewpoint(sql, scope.tenant_id, desk.now(), most=5)
            found = [with_change(sql, code, view) for code in CODES]
        title = translator(reader.language).gettext("Reports")
        names = Names({})
        return draw(
            request.app.state.pages,
            "dunning/reports.html",
            reader,
            page=frame(request, scope.identity, title, tenant_id=scope.tenant_id),
            home=home_of(scope),
            query=_query(asked),
            as_of=view.as_of,
            known_at=view.known_at,
            fields=_moments(asked, view.as_of, reader),
            cards=[View(one, reader, names).card() for one in found],
        )

    @pages.get("/{code}")
    def one_report(
        request: Request, scope: Sees, code: Code, asked: Annotated[Shown, Query()]
    ) -> str:
        first = max(asked.first, 0)
        with desk.reading(scope.tenant_id) as sql:
            reader = _reader(request, sql, scope)
            view = asked.viewpoint(sql, scope.tenant_id, desk.now(), first, ROWS)
            found = with_change(sql, code, view)
        title = w.titles(reader.language)[code]
        shown = View(found, reader, _names(desk, scope, found))
        return draw(
            request.app.state.pages,
            "dunning/report.html",
            reader,
            page=frame(request, scope.identity, title, tenant_id=scope.tenant_id),
            home=home_of(scope),
            code=code,
            query=_query(asked),
            view=view,
            card=shown.card(),
            tables=shown.tables(),
            pager=_pager(found, first, _query(asked)),
            notes=[w.notes(reader.language)[key] for key in found.notes],
            fields=_fields(code, asked, view.as_of, reader),
        )

    @pages.get("/{code}/file")
    def file(
        request: Request,
        scope: Sees,
        code: Code,
        asked: Annotated[Asked, Query()],
        form: Annotated[Literal["csv", "xlsx"], Query()] = "xlsx",
        numbers: Annotated[Literal["reader", "machine"], Query()] = "reader",
    ) -> Response:
        """All rows, as the reader writes or as programs read."""
        with desk.reading(scope.tenant_id) as sql:
            reader = _reader(request, sql, scope)
            view = asked.viewpoint(sql, scope.tenant_id, desk.now())
            found = report(sql, code, view)
        name = f"{code}-{view.as_of.isoformat()}.{form}"
        if numbers == "machine":
            sheets, writes, currency = sheets_of(found), None, "currency"
        else:
            sheets = View(found, reader, _names(desk, scope, found)).sheets()
            writes, currency = reader, translator(reader.language).gettext("Currency")
        if form == "csv":
            return download(csv_of(sheets, writes, currency), CSV, name)
        return download(xlsx_of(sheets, writes, currency), XLSX, name)

    return pages


def _reader(request: Request, sql: sa.Connection, scope: TenantScope) -> Reader:
    return reader_of(request, zone_of(sql, scope.tenant_id))


def _names(desk: Desk, scope: TenantScope, found: Report) -> Names:
    return Names(desk.vault.open_all(scope.tenant_id, names_in(found)))


def _query(asked: Asked) -> str:
    """What was asked, for the links of the page; without the place in long tables."""
    said = asked.model_dump(
        mode="json", exclude_none=True, exclude_defaults=True, exclude={"first"}
    )
    return urlencode(said)


def _moments(asked: Asked, as_of: date, reader: Reader) -> list[Field]:
    gettext = translator(reader.language).gettext
    known = asked.known_on or (day_of(asked.known_at, reader.zone) if asked.known_at else None)
    return [
        Field("as_of", gettext("As of"), "date", as_of.isoformat()),
        Field("known_on", gettext("As known on"), "date", known.isoformat() if known else ""),
    ]


def _fields(code: str, asked: Asked, as_of: date, reader: Reader) -> list[Field]:
    gettext = translator(reader.language).gettext
    every = Choice("", gettext("All"))
    fields = _moments(asked, as_of, reader)
    if code in {"T1", "T2", "T3", "T4", "T5", "T12"}:
        since = asked.since.isoformat() if asked.since else ""
        fields.append(Field("since", gettext("From"), "date", since))
    kinds = [
        every,
        Choice("company", gettext("Companies")),
        Choice("consumer", gettext("Consumers")),
    ]
    chosen = asked.debtor_kind or ""
    fields.append(Field("debtor_kind", gettext("Customers"), "select", chosen, choices=kinds))
    fields.append(Field("currency", gettext("Currency"), value=asked.currency or ""))
    fields.append(Field("timeline", gettext("Timeline"), value=asked.timeline or ""))
    if code == "T5":
        grains = [
            Choice("month", gettext("Months")),
            Choice("week", gettext("Weeks")),
            Choice("day", gettext("Days")),
        ]
        fields.append(Field("grain", gettext("Per"), "select", asked.grain, choices=grains))
    return fields


def _pager(found: Report, first: int, query: str) -> Pager | None:
    """Of the one long table that a report may have."""
    size = max((table.size for table in found.tables), default=0)
    shown = max((len(table.rows) for table in found.tables if table.size == size), default=0)
    if size <= ROWS:
        return None
    joined = f"&{query}" if query else ""
    before = f"?first={max(first - ROWS, 0)}{joined}" if first else ""
    after = f"?first={first + ROWS}{joined}" if first + shown < size else ""
    return Pager(first + 1, first + shown, size, before, after)
