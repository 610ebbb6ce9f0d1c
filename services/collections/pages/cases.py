"""Collection: what is ready and when it goes by itself, what waits and why, what the agency has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from services.collections import queries
from services.collections.acts import by_hand, looking
from services.collections.desk import PREPARERS, Desk, Prepares, Sees, person
from services.collections.pages import view, words
from services.collections.pages.view import CaseLine, ClaimLine, Lines
from shared.decider import Rejected
from shared.money import sums
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Column, Tab
from shared.ui.reader import Reader
from shared.web.frame import frame
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope
from shared.work import Work

_MOST = 500
Chosen = Annotated[list[UUID] | None, Form(max_length=_MOST)]


@dataclass(frozen=True, slots=True)
class Seen:
    reader: Reader
    claims: Sequence[tuple[str, ClaimLine]]
    cases: Sequence[tuple[str, CaseLine]]
    automatic: bool


def cases_of(desk: Desk) -> APIRouter:
    pages = page_router("/collections/{tenant_id}/cases")

    @pages.get("")
    def cases(
        request: Request,
        scope: Sees,
        tab: str = "ready",
        sent: Annotated[int, Query(ge=0, le=_MOST)] = 0,
        held: Annotated[int, Query(ge=0, le=_MOST)] = 0,
        refused: Annotated[str, Query(max_length=80)] = "",
    ) -> str:
        chosen = tab if tab in view.TABS else "ready"
        seen = _seen(desk, request, scope)
        gettext = translator(seen.reader.language).gettext
        return draw(
            request.app.state.pages,
            "collections/cases.html",
            seen.reader,
            page=frame(request, scope.identity, gettext("Collection"), tenant_id=scope.tenant_id),
            home=_home(scope),
            agency=f"/collections/{scope.tenant_id}/agency",
            tab=chosen,
            tabs_=_tabs(seen, chosen, _home(scope), gettext),
            claim_columns=_claim_columns(gettext),
            case_columns=_case_columns(gettext),
            claims=[line for where, line in seen.claims if where == chosen],
            cases=[line for where, line in seen.cases if where == chosen],
            automatic=seen.automatic,
            sent=sent,
            held=held,
            refused=words.refusal(refused, gettext) if refused else "",
            may_send=bool(scope.roles & PREPARERS),
        )

    @pages.post("/selection")
    def choose(request: Request, scope: Prepares, invoice: Chosen = None) -> str:
        """The sums of what is ticked, before anything is sent."""
        chosen = set(invoice or [])
        seen = _seen(desk, request, scope)
        lines = [one for _, one in seen.claims if one.can_send and one.invoice_id in chosen]
        gettext = translator(seen.reader.language).gettext
        title = gettext("Send to collection")
        return draw(
            request.app.state.pages,
            "collections/confirm.html",
            seen.reader,
            page=frame(request, scope.identity, title, tenant_id=scope.tenant_id),
            home=_home(scope),
            lines=lines,
            columns=_claim_columns(gettext)[1:-1],
            totals=list(sums(one.amount for one in lines).values()),
            left_out=len(chosen) - len(lines),
        )

    @pages.post("/sending")
    def send(scope: Prepares, invoice: Chosen = None) -> Response:
        """Send now. What has left meanwhile is left alone, so sending twice is sending once."""
        found: list[tuple[int, int]] = []

        def act(work: Work) -> None:
            transfer = by_hand.send_now(work, desk.transferrer, invoice or [])
            found.append((len(transfer.cases), len(transfer.held)))

        def told() -> str:
            sent, held = found[-1]
            return f"tab={'sent' if sent else 'paused'}&sent={sent}&held={held}"

        return _back(desk, scope, act, told)

    @pages.post("/stops")
    def stop(scope: Prepares, invoice: Annotated[UUID, Form()]) -> Response:
        return _back(
            desk,
            scope,
            lambda work: by_hand.stop(work, person(scope), invoice),
            lambda: "tab=paused",
        )

    @pages.post("/stops/end")
    def end_stop(scope: Prepares, invoice: Annotated[UUID, Form()]) -> Response:
        return _back(
            desk,
            scope,
            lambda work: by_hand.end_stop(work, person(scope), invoice),
            lambda: "tab=ready",
        )

    return pages


def _home(scope: TenantScope) -> str:
    return f"/collections/{scope.tenant_id}/cases"


def _back(
    desk: Desk, scope: TenantScope, act: Callable[[Work], Any], told: Callable[[], str]
) -> Response:
    try:
        desk.work(scope, act)
    except Rejected as refused:
        where = f"{_home(scope)}?refused={refused.code}"
        return RedirectResponse(where, HTTPStatus.SEE_OTHER)
    return RedirectResponse(f"{_home(scope)}?{told()}", HTTPStatus.SEE_OTHER)


def _seen(desk: Desk, request: Request, scope: TenantScope) -> Seen:
    """All that is here and there, in the client's own time zone."""
    tenant = scope.tenant_id

    def look(work: Work) -> Any:
        return (
            queries.claims(work.sql, tenant),
            queries.cases(work.sql, tenant),
            queries.debtors(work.sql, tenant),
            looking.creditor_of(work),
        )

    claims, cases, debtors, creditor = desk.work(scope, look)
    reader = reader_of(request, creditor.zone)
    gettext = translator(reader.language).gettext
    lines = Lines(desk.opener.vault, tenant, reader, desk.now(), gettext, debtors)
    return Seen(
        reader,
        [(view.tab_of_claim(one), lines.claim(one)) for one in claims],
        [(view.tab_of_case(one), lines.case(one)) for one in cases],
        creditor.automatic,
    )


def _tabs(seen: Seen, chosen: str, home: str, gettext: words.Say) -> list[Tab]:
    places = [where for where, _ in (*seen.claims, *seen.cases)]
    return [
        Tab(
            view.tab_title(key, gettext),
            f"{home}?tab={key}",
            places.count(key),
            current=key == chosen,
        )
        for key in view.TABS
    ]


def _claim_columns(gettext: words.Say) -> list[Column]:
    return [
        Column(gettext("Select"), "tick"),
        Column(gettext("Debtor")),
        Column(gettext("Principal"), "num"),
        Column(gettext("Due")),
        Column(gettext("Goes on")),
        Column(gettext("State and reason"), "c-state"),
        Column(gettext("What can be done")),
    ]


def _case_columns(gettext: words.Say) -> list[Column]:
    return [
        Column(gettext("Debtor")),
        Column(gettext("Claimed"), "num"),
        Column(gettext("Left by the agency"), "num"),
        Column(gettext("Sent on")),
        Column(gettext("State and reason"), "c-state"),
    ]
