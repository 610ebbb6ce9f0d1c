"""The list of payables: what can be paid, what not and why; several sent to approval together.

Without script a changed selection cannot be reckoned on the page: its button leads to a page that
shows the sums, and only that page's button sends anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from services.payments import office, queries
from services.payments.opening import Opener
from services.payments.pages import view
from services.payments.pages.view import TABS, Line
from services.payments.pages.words import Say
from services.payments.values import State
from shared.decider import Rejected
from shared.money import sums
from shared.runtime import Runtime
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Column, Field, Tab
from shared.web.frame import ADMINISTRATOR, APPROVER, BOOKKEEPER, OPERATIONS, frame
from shared.web.reading import reader_of
from shared.web.scope import TenantScope, tenant_scope
from shared.work import Work

Reads = Annotated[
    TenantScope, Depends(tenant_scope(BOOKKEEPER, APPROVER, OPERATIONS, ADMINISTRATOR))
]
Prepares = Annotated[TenantScope, Depends(tenant_scope(BOOKKEEPER, ADMINISTRATOR))]
_SEE_OTHER = HTTPStatus.SEE_OTHER
_MOST = 200


def payables_of(runtime: Runtime, opener: Opener) -> APIRouter:
    pages = APIRouter(prefix="/payments/{tenant_id}", default_response_class=HTMLResponse)

    @pages.get("/payables")
    def payables(
        request: Request,
        scope: Reads,
        state: str = "",
        q: Annotated[str, Query(max_length=80)] = "",
        sent: Annotated[int, Query(ge=0, le=_MOST)] = 0,
        refused: Annotated[str, Query(max_length=300)] = "",
    ) -> str:
        return _list(runtime, opener, request, scope, state=state, q=q, sent=sent, refused=refused)

    @pages.post("/payables")
    def choose(
        request: Request,
        scope: Prepares,
        payment: Annotated[list[UUID] | None, Form(max_length=_MOST)] = None,
    ) -> str:
        """The sums of what is ticked, before anything is sent."""
        return _confirm(runtime, opener, request, scope, payment or [])

    @pages.post("/payables/approval")
    def send(
        scope: Prepares,
        token: Annotated[UUID, Form()],
        payment: Annotated[list[UUID] | None, Form(max_length=_MOST)] = None,
    ) -> Response:
        """Send to approval. The page's token makes the request's id: sending twice is sending once."""
        home = f"/payments/{scope.tenant_id}/payables"
        person, chosen = scope.identity.user_id, payment or []
        request_id = uuid5(scope.tenant_id, f"{token}:{sorted(chosen)}")

        def ask(work: Work) -> None:
            if not office.was_asked(work, request_id):
                office.ask_approval(work, opener, request_id, person, chosen)

        try:
            runtime.work(scope.tenant_id, f"user:{person}", ask)
        except Rejected as refused:
            return RedirectResponse(f"{home}?refused={refused.code}", _SEE_OTHER)
        return RedirectResponse(f"{home}?state=approval&sent={len(chosen)}", _SEE_OTHER)

    return pages


def _lines(
    runtime: Runtime, opener: Opener, request: Request, scope: TenantScope
) -> list[tuple[State, Line]]:
    reader = reader_of(request)
    gettext = translator(reader.language).gettext
    with runtime.app.transaction([scope.tenant_id]) as transaction:
        found = queries.payables(transaction.sql, scope.tenant_id)
    return [
        (one.state, view.line(one, opener.vault, scope.tenant_id, reader.day, gettext))
        for one in found
    ]


def _list(
    runtime: Runtime,
    opener: Opener,
    request: Request,
    scope: TenantScope,
    *,
    state: str,
    q: str,
    sent: int,
    refused: str,
) -> str:
    reader = reader_of(request)
    gettext = translator(reader.language).gettext
    lines = _lines(runtime, opener, request, scope)
    wanted = next((states for key, states in TABS if key == state), view.OPEN_STATES)
    shown = [one for is_in, one in lines if is_in in wanted and _matches(one, q)]
    home = f"/payments/{scope.tenant_id}/payables"
    content = {
        "page": frame(request, scope.identity, gettext("Payables"), tenant_id=scope.tenant_id),
        "home": home,
        "tabs_": _tabs(lines, state, home, gettext),
        "columns": _columns(gettext),
        "lines": shown,
        "total": len(lines),
        "search": Field("q", gettext("Payee, number or amount"), "search", q),
        "state": state,
        "sent": sent,
        "refused": refused,
        "may_send": bool(scope.roles & {BOOKKEEPER, ADMINISTRATOR}),
    }
    return draw(request.app.state.pages, "payments/payables.html", reader, **content)


def _tabs(lines: Sequence[tuple[State, Line]], state: str, home: str, gettext: Say) -> list[Tab]:
    open_count = sum(is_in in view.OPEN_STATES for is_in, _ in lines)
    known = {key for key, _ in TABS}
    return [
        Tab(gettext("All open"), home, open_count, current=state not in known),
        *(
            Tab(
                view.tab_title(key, gettext),
                f"{home}?state={key}",
                sum(is_in in states for is_in, _ in lines),
                current=state == key,
            )
            for key, states in TABS
        ),
    ]


def _columns(gettext: Say) -> list[Column]:
    return [
        Column(gettext("Select"), "tick"),
        Column(gettext("Payee")),
        Column(gettext("Amount"), "num"),
        Column(gettext("Due")),
        Column(gettext("Pays on")),
        Column(gettext("State and reason"), "c-state"),
    ]


def _matches(one: Line, q: str) -> bool:
    wanted = q.casefold().strip()
    return not wanted or wanted in f"{one.payee} {one.detail} {one.amount}".casefold()


def _confirm(
    runtime: Runtime,
    opener: Opener,
    request: Request,
    scope: TenantScope,
    chosen: Sequence[UUID],
) -> str:
    reader = reader_of(request)
    gettext = translator(reader.language).gettext
    lines = [
        one
        for _, one in _lines(runtime, opener, request, scope)
        if one.payment_id in chosen and one.can_send
    ]
    content = {
        "page": frame(
            request, scope.identity, gettext("Send to approval"), tenant_id=scope.tenant_id
        ),
        "home": f"/payments/{scope.tenant_id}/payables",
        "lines": lines,
        "columns": _columns(gettext)[1:],
        "totals": list(sums(one.amount for one in lines).values()),
        "left_out": len(set(chosen)) - len(lines),
        "token": uuid5(scope.identity.user_id, repr(sorted(chosen)) + repr(runtime.clock.now())),
    }
    return draw(request.app.state.pages, "payments/confirm.html", reader, **content)
