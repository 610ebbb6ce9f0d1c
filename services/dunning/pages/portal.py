"""What do I owe, why, and how do I stop it? A debtor's own account, behind the link in its letter.

Nobody signs in: who holds the letter may read it. The page shows and changes nothing, runs no script,
is found by no search engine and tells its address to nobody. Whatever is wrong with a link, the answer
is the same.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.dunning.acts.accounts import Account, account_of
from services.dunning.desk import Desk
from services.dunning.pages.portal_view import Drawing
from services.dunning.registers.portal_links import PATH, Shown
from shared.clock import day_of
from shared.ui.environment import draw
from shared.ui.language import negotiate
from shared.ui.reader import Reader
from shared.web.reading import reader_of

_HEADERS: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}
_OFTEN: Final = 30
"""How often one link is drawn within a minute."""
_MINUTE: Final = timedelta(minutes=1)
_REMEMBERED: Final = 10_000


@dataclass
class Patience:
    """Counts how often each link was asked for within its minute; the oldest are forgotten."""

    asked: OrderedDict[bytes, tuple[datetime, int]] = field(default_factory=OrderedDict)

    def is_over(self, token: str, now: datetime) -> bool:
        key = sha256(token.encode()).digest()
        since, times = self.asked.pop(key, (now, 0))
        if now - since >= _MINUTE:
            since, times = now, 0
        self.asked[key] = (since, times + 1)
        while len(self.asked) > _REMEMBERED:
            self.asked.popitem(last=False)
        return times >= _OFTEN


def portal_of(desk: Desk) -> APIRouter:
    pages = APIRouter(default_response_class=HTMLResponse)
    patience = Patience()

    @pages.get(PATH + "{token}")
    def portal(request: Request, token: str) -> HTMLResponse:
        shown = _shown(desk, patience, token)
        if shown is None:
            return _nothing(request)
        account: Account = desk.runtime.work(
            shown.tenant_id, "portal", lambda work: account_of(work, shown.debtor_id)
        )
        reader = _reader(desk, request, account)
        html = draw(
            request.app.state.pages,
            "dunning/portal.html",
            reader,
            seen=Drawing(desk.vault, shown.tenant_id, account, reader).portal(),
            as_of=account.as_of_at or desk.now(),
            expires_on=day_of(shown.expires_at, reader.zone),
        )
        return HTMLResponse(html, headers=_HEADERS)

    return pages


def _shown(desk: Desk, patience: Patience, token: str) -> Shown | None:
    """Whose account a link shows; None where it shows none, for whatever reason."""
    tenant_id = desk.portal.tenant_of(token)
    if tenant_id is None or patience.is_over(token, desk.portal.wall.now()):
        return None
    with desk.transaction(tenant_id) as transaction:
        return desk.portal.find(transaction.raw, tenant_id, token)


def _nothing(request: Request) -> HTMLResponse:
    html = draw(request.app.state.pages, "dunning/portal_over.html", reader_of(request))
    return HTMLResponse(html, HTTPStatus.NOT_FOUND, _HEADERS)


def _reader(desk: Desk, request: Request, account: Account) -> Reader:
    """The debtor's own language; without one, the browser's."""
    contact, zone = account.debtor.contact, account.creditor.zone
    chosen = contact.language if contact else None
    language = negotiate(chosen, request.headers.get("accept-language"))
    return Reader(language, zone, day_of(desk.now(), zone))
