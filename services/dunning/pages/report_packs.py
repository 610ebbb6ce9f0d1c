"""Packs of reports as people see them: frozen with their hash, and what is restated since."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from starlette.responses import RedirectResponse

from services.dunning.acts import freezing
from services.dunning.desk import FOLLOWERS, Desk, Follows, Sees
from services.dunning.pages import report_words as w
from services.dunning.queries.reports import zone_of
from services.dunning.queries.reports.packs import Frozen, frozen, is_caught_up, restated
from services.dunning.registers import packs
from shared.decider import Rejected
from shared.money import Money
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Choice, Field
from shared.ui.reader import Reader
from shared.web.download import download
from shared.web.frame import frame
from shared.web.problem import NOT_READY, Problem, not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope

_SOON = {"Retry-After": "1"}
_PERIOD = r"^\d{4}-(0[1-9]|1[0-2])$"
_MOST_RESTATED = 200


def packs_of(desk: Desk) -> APIRouter:
    pages = page_router("/dunning/{tenant_id}/reports/packs")

    @pages.get("")
    def all_packs(
        request: Request, scope: Sees, refused: Annotated[str, Query(max_length=40)] = ""
    ) -> str:
        with desk.reading(scope.tenant_id) as sql:
            reader = _reader(request, sql, scope)
            found = frozen(sql, scope.tenant_id)
        gettext = translator(reader.language).gettext
        return draw(
            request.app.state.pages,
            "dunning/packs.html",
            reader,
            page=frame(request, scope.identity, gettext("Frozen packs"), tenant_id=scope.tenant_id),
            home=home_of(scope),
            packs=[
                (one, _pack_title(one, reader), one.frozen_by.startswith("user:")) for one in found
            ],
            may_freeze=bool(scope.roles & FOLLOWERS),
            fields=_freezing(reader),
            refused=refused == "month_not_over",
        )

    @pages.post("")
    def freeze(
        scope: Follows,
        kind: Annotated[Literal["quality", "month_end"], Form()],
        period: Annotated[str, Form(pattern=_PERIOD)],
    ) -> Response:
        tenant_id, now = scope.tenant_id, desk.now()
        try:
            with desk.reading(tenant_id) as sql:
                if not is_caught_up(sql, tenant_id):
                    raise Problem(NOT_READY, headers=_SOON)
                reckoned = freezing.reckon(sql, tenant_id, kind, period, now)
        except Rejected as refused:
            told = f"{home_of(scope)}/packs?refused={refused.code}"
            return RedirectResponse(told, HTTPStatus.SEE_OTHER)
        report_id = desk.work(scope, lambda work: freezing.freeze(work, reckoned))
        return RedirectResponse(f"{home_of(scope)}/packs/{report_id}", HTTPStatus.SEE_OTHER)

    @pages.get("/{report_id}")
    def one_pack(request: Request, scope: Sees, report_id: UUID) -> str:
        """What was frozen, and what of it would be another figure today."""
        with desk.reading(scope.tenant_id) as sql:
            reader = _reader(request, sql, scope)
            one, body = _kept(sql, scope, report_id)
            found = restated(sql, scope.tenant_id, body, desk.now())
        title = _pack_title(one, reader)
        return draw(
            request.app.state.pages,
            "dunning/pack.html",
            reader,
            page=frame(request, scope.identity, title, tenant_id=scope.tenant_id),
            home=home_of(scope),
            pack=one,
            total=len(found),
            restated=[_restated(each, reader) for each in found[:_MOST_RESTATED]],
        )

    @pages.get("/{report_id}/file")
    def pack_file(scope: Sees, report_id: UUID) -> Response:
        with desk.reading(scope.tenant_id) as sql:
            one, body = _kept(sql, scope, report_id)
        return download(body, one.media_type, f"{one.kind.replace('_', '-')}-{one.period}.json")

    return pages


def home_of(scope: TenantScope) -> str:
    return f"/dunning/{scope.tenant_id}/reports"


def _reader(request: Request, sql: sa.Connection, scope: TenantScope) -> Reader:
    return reader_of(request, zone_of(sql, scope.tenant_id))


def _kept(sql: sa.Connection, scope: TenantScope, report_id: UUID) -> tuple[Frozen, bytes]:
    """The pack and its bytes, or 404: another company's looks like one that does not exist."""
    for one in frozen(sql, scope.tenant_id):
        if one.report_id == report_id:
            body = packs.find(sql, scope.tenant_id, one.sha256)
            if body is not None:
                return one, body
    raise not_found()


def _freezing(reader: Reader) -> list[Field]:
    gettext = translator(reader.language).gettext
    kinds = [
        Choice("month_end", gettext("Month-end pack")),
        Choice("quality", gettext("Quality report")),
    ]
    last = reader.day.replace(day=1)
    month = f"{last.year - (last.month == 1)}-{(last.month - 2) % 12 + 1:02}"
    hint = gettext("A month that is over, as 2026-03.")
    return [
        Field("kind", gettext("Pack"), "select", "month_end", choices=kinds),
        Field("period", gettext("Month"), value=month, hint=hint, required=True),
    ]


def _pack_title(one: Frozen, reader: Reader) -> str:
    gettext = translator(reader.language).gettext
    month = formats.month(date.fromisoformat(f"{one.period}-01"), reader)
    if one.kind == "quality":
        return gettext("Quality report, %(month)s") % {"month": month}
    return gettext("Month-end pack, %(month)s") % {"month": month}


def _restated(each: Any, reader: Reader) -> tuple[str, str, str, str, str]:
    language = reader.language
    place = w.table_title(each.report, each.table, language)
    title = w.titles(language).get(each.report)
    column = w.columns(language).get(each.column, each.column)
    return (
        f"{title}, {place}" if title else place,
        " · ".join(w.words(language).get(part, part) for part in each.row.split(" · ")),
        column,
        _figure(each.frozen, reader),
        _figure(each.now, reader),
    )


def _figure(value: Any, reader: Reader) -> str:
    if isinstance(value, dict):
        return formats.money(Money(value["minor"], value["currency"]), reader)
    return "–" if value is None else str(value)
