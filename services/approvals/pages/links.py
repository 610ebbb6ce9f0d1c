"""Where mails lead. Following a link changes nothing, and without signing in it shows nothing.

The token is taken out of the address on the first load, into a cookie of these two routes, so that
it stays out of histories and of the address that the sign-in page is given.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.approvals import queries
from services.approvals.desk import Desk
from services.approvals.registers.links import PATH
from shared.web.frame import APPROVER
from shared.web.problem import NOT_ALLOWED, Problem
from shared.web.routers import page_router
from shared.web.scope import SignedIn

_COOKIE = "forfald_approval_link"
_FOLLOW = PATH.rstrip("/")
_MINUTES_TO_SIGN_IN = 15
_LONGEST = 100


def links_of(desk: Desk) -> APIRouter:
    pages = page_router()

    @pages.get(PATH + "{token}")
    def take(request: Request, token: str) -> Response:
        answer = RedirectResponse(_FOLLOW, HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            _COOKIE,
            token[:_LONGEST],
            max_age=_MINUTES_TO_SIGN_IN * 60,
            path=_FOLLOW,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer

    @pages.get(_FOLLOW)
    def follow(request: Request, identity: SignedIn) -> Response:
        token = request.cookies.get(_COOKIE, "")
        lead = desk.lead(token, identity.user_id, identity.tenants_with())
        target = f"/approvals/{lead.tenant_id}/" if lead else "/approvals/?link=over"
        answer = RedirectResponse(target, HTTPStatus.SEE_OTHER)
        answer.delete_cookie(_COOKIE, path=_FOLLOW, httponly=True, samesite="lax")
        return answer

    @pages.get("/approvals/")
    def somewhere(identity: SignedIn, link: str = "") -> Response:
        """To the first company where something asks for this person's yes."""
        tenants = identity.tenants_with(APPROVER)
        if not tenants:
            raise Problem(NOT_ALLOWED)
        waiting = (one for one in tenants if _waits(desk, one, identity.user_id))
        query = f"?{urlencode({'link': link})}" if link else ""
        return RedirectResponse(
            f"/approvals/{next(waiting, tenants[0])}/{query}", HTTPStatus.SEE_OTHER
        )

    return pages


def _waits(desk: Desk, tenant_id: UUID, person_id: UUID) -> bool:
    with desk.reading(tenant_id) as sql:
        rows = queries.inbox(sql, tenant_id, person_id, desk.now())
    return any(not (one.own or one.said_yes) for one in rows)
