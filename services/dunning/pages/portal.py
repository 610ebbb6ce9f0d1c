"""What do I owe, why, and how do I stop it? A debtor's own account, behind the link in its letter.

Nobody signs in: who holds the letter may read it. The page shows and changes nothing, runs no script,
is found by no search engine and tells its address to nobody.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.dunning.acts.accounts import Account, account_of
from services.dunning.desk import Desk
from services.dunning.pages.portal_copies import copies_of
from services.dunning.pages.portal_door import HEADERS, Door, nothing
from services.dunning.pages.portal_view import Drawing, Links
from services.dunning.registers.portal_links import PATH, PORTAL
from shared.clock import day_of
from shared.ui.environment import draw
from shared.web.routers import page_router


def portal_of(desk: Desk) -> APIRouter:
    pages = page_router()
    door = Door(desk)
    pages.routes.extend(copies_of(desk, door).routes)

    @pages.get(PATH + "{token}")
    def portal(request: Request, token: str) -> HTMLResponse:
        shown = door.shown(token)
        if shown is None:
            return nothing(request)
        account: Account = desk.runtime.work(
            shown.tenant_id, PORTAL, lambda work: account_of(work, shown.debtor_id)
        )
        reader = door.reader(request, account.creditor, account.debtor)
        here = PATH + token
        links = Links(
            f"{here}/invoices" if desk.copies.invoices else "",
            f"{here}/letters" if desk.copies.letters else "",
        )
        html = draw(
            request.app.state.pages,
            "dunning/portal.html",
            reader,
            seen=Drawing(desk.vault, shown.tenant_id, account, reader, links).portal(),
            as_of=account.as_of_at or desk.now(),
            expires_on=day_of(shown.expires_at, reader.zone),
        )
        return HTMLResponse(html, headers=HEADERS)

    return pages
