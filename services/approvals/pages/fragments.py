"""What approvals shows on the page Today, which tenants composes: what asks for a yes."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.responses import Response

from services.approvals import queries
from services.approvals.desk import Desk
from shared.money import sums
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.parts import ToDo
from shared.ui.reader import Reader
from shared.ui.states import PAYMENT_STATES
from shared.web.frame import APPROVER
from shared.web.identity import Identity
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import SignedIn


def fragments_of(desk: Desk) -> APIRouter:
    pages = page_router("/approvals/fragments")

    @pages.get("/today")
    def today(request: Request, identity: SignedIn) -> Response:
        """What this person can answer now, by company. Nothing for who approves nowhere."""
        if not identity.tenants_with(APPROVER):
            return Response(status_code=HTTPStatus.NO_CONTENT)
        reader = reader_of(request)
        html = draw(
            request.app.state.pages,
            "approvals/fragment_today.html",
            reader,
            lines=list(_to_do(desk, identity, reader)),
        )
        return HTMLResponse(html)

    return pages


def _to_do(desk: Desk, identity: Identity, reader: Reader) -> Iterator[ToDo]:
    for grant in identity.grants:
        if APPROVER not in grant.roles:
            continue
        with desk.reading(grant.tenant_id) as sql:
            rows = queries.inbox(sql, grant.tenant_id, identity.user_id, desk.now())
        asks = [row.item.amount for row in rows if not (row.own or row.said_yes)]
        if not asks:
            continue
        totals = ", ".join(formats.money(total, reader) for total in sums(asks).values())
        yield ToDo(
            title=grant.company,
            href=f"/approvals/{grant.tenant_id}/",
            count=len(asks),
            detail=Markup("<br>").join([grant.company, totals]),
            state=PAYMENT_STATES["asked"],
        )
