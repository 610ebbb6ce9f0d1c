"""The JSON interface of the reports: each as of a day and as known at a time; packs that are frozen."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from services.dunning.acts import freezing
from services.dunning.desk import Desk, Follows, Sees
from services.dunning.queries.reports import CODES, report, with_change
from services.dunning.queries.reports.asking import Asked
from services.dunning.queries.reports.packs import Frozen, frozen, is_caught_up, restated
from services.dunning.queries.reports.plain import plain
from services.dunning.queries.reports.sheets import sheets_of
from services.dunning.registers import packs
from shared.ui.sheets import CSV, XLSX, csv_of, xlsx_of
from shared.web.download import download
from shared.web.problem import NOT_READY, Problem, not_found
from shared.web.routers import api_router
from shared.web.scope import TenantScope

MOST_ROWS = 1000
Code = Annotated[str, Path(pattern="^T([1-9]|1[0-2])$")]
_SOON = {"Retry-After": "1"}


class PackAsked(BaseModel):
    """`period` is a month that is over: `2026-03`."""

    kind: Literal["quality", "month_end"]
    period: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")


class Page(Asked):
    """Of each long table the rows from `first` (zero) on, at most `most`."""

    first: int = Field(0, ge=0)
    most: int = Field(MOST_ROWS, ge=1, le=MOST_ROWS)


def reports_api(desk: Desk) -> APIRouter:
    api = api_router("dunning", "/tenants/{tenant_id}/reports")

    @api.get("")
    def reports(scope: Sees, asked: Annotated[Asked, Query()]) -> list[dict[str, Any]]:
        """The headline of each."""
        with desk.reading(scope.tenant_id) as sql:
            view = asked.viewpoint(sql, scope.tenant_id, desk.now(), most=1)
            found = [plain(with_change(sql, code, view)) for code in CODES]
        return [{name: one[name] for name in ("code", "as_of", "headline")} for one in found]

    @api.get("/packs")
    def all_packs(scope: Sees) -> list[dict[str, Any]]:
        with desk.reading(scope.tenant_id) as sql:
            return [_pack(one) for one in frozen(sql, scope.tenant_id)]

    @api.post("/packs", status_code=201)
    def freeze(scope: Follows, asked: PackAsked) -> dict[str, Any]:
        """Freeze a pack. The first one of a kind and month stands: asking again answers with it."""
        tenant_id, now = scope.tenant_id, desk.now()
        with desk.reading(tenant_id) as sql:
            if not is_caught_up(sql, tenant_id):
                raise Problem(NOT_READY, headers=_SOON)
            reckoned = freezing.reckon(sql, tenant_id, asked.kind, asked.period, now)
        report_id = desk.work(scope, lambda work: freezing.freeze(work, reckoned))
        return _pack(_found(desk, scope, report_id))

    @api.get("/packs/{report_id}")
    def content(scope: Sees, report_id: UUID) -> Response:
        """The very bytes that the hash is of."""
        one = _found(desk, scope, report_id)
        body = _body(desk, scope, one)
        headers = {"Repr-Digest": f"sha-256={one.sha256}"}
        return Response(body, media_type=one.media_type, headers=headers)

    @api.get("/packs/{report_id}/restatements")
    def restatements(scope: Sees, report_id: UUID) -> list[dict[str, Any]]:
        """What of the pack would be another figure if it were frozen now."""
        one = _found(desk, scope, report_id)
        body = _body(desk, scope, one)
        with desk.reading(scope.tenant_id) as sql:
            found = restated(sql, scope.tenant_id, body, desk.now())
        return [{name: getattr(each, name) for name in each.__slots__} for each in found]

    @api.get("/{code}")
    def one_report(
        scope: Sees,
        code: Code,
        asked: Annotated[Page, Query()],
        format_: Annotated[Literal["json", "csv", "xlsx"], Query(alias="format")] = "json",
    ) -> Response:
        """JSON a page at a time; CSV and XLSX whole, for programs: keys, points, ISO days, no names."""
        whole = format_ != "json"
        with desk.reading(scope.tenant_id) as sql:
            view = asked.viewpoint(
                sql, scope.tenant_id, desk.now(), 0 if whole else asked.first,
                None if whole else asked.most,
            )  # fmt: skip
            found = report(sql, code, view)
        if not whole:
            return JSONResponse(plain(found.cut(0, asked.most)))
        sheets = sheets_of(found)
        if format_ == "csv":
            return download(csv_of(sheets, None), CSV, f"{code}.csv")
        return download(xlsx_of(sheets, None), XLSX, f"{code}.xlsx")

    return api


def _found(desk: Desk, scope: TenantScope, report_id: UUID) -> Frozen:
    """The pack, or 404: another company's looks like one that does not exist."""
    with desk.reading(scope.tenant_id) as sql:
        found = next(
            (one for one in frozen(sql, scope.tenant_id) if one.report_id == report_id), None
        )
    if found is None:
        raise not_found()
    return found


def _body(desk: Desk, scope: TenantScope, one: Frozen) -> bytes:
    with desk.reading(scope.tenant_id) as sql:
        body = packs.find(sql, scope.tenant_id, one.sha256)
    if body is None:
        raise not_found()
    return body


def _pack(one: Frozen) -> dict[str, Any]:
    return {
        "report_id": str(one.report_id),
        "kind": one.kind,
        "period": one.period,
        "known_at": one.known_at.isoformat(),
        "sha256": one.sha256,
        "media_type": one.media_type,
        "size_bytes": one.size_bytes,
    }
