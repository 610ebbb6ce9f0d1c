"""Who is let in by the link in a letter, and how all that is behind it is answered.

Whatever is wrong with a link, and whatever it does not lead to, the answer is the same.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.dunning.desk import Desk
from services.dunning.model.creditor import Creditor
from services.dunning.model.debtor import Debtor
from services.dunning.registers.portal_links import Shown
from shared.clock import day_of
from shared.ui.environment import draw
from shared.ui.language import negotiate
from shared.ui.reader import Reader
from shared.web.reading import reader_of

HEADERS: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}
_OFTEN: Final = 30
"""How often one link is followed within a minute, copies included."""
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


@dataclass(frozen=True)
class Door:
    desk: Desk
    patience: Patience = field(default_factory=Patience)

    def shown(self, token: str) -> Shown | None:
        """Whose account a link shows; None where it shows none, for whatever reason."""
        links = self.desk.portal
        tenant_id = links.tenant_of(token)
        if tenant_id is None or self.patience.is_over(token, links.wall.now()):
            return None
        with self.desk.transaction(tenant_id) as transaction:
            return links.find(transaction.raw, tenant_id, token)

    def reader(self, request: Request, creditor: Creditor, debtor: Debtor) -> Reader:
        """The debtor's own language; without one, the browser's."""
        chosen = debtor.contact.language if debtor.contact else None
        language = negotiate(chosen, request.headers.get("accept-language"))
        return Reader(language, creditor.zone, day_of(self.desk.now(), creditor.zone))


def nothing(request: Request) -> HTMLResponse:
    html = draw(request.app.state.pages, "dunning/portal_over.html", reader_of(request))
    return HTMLResponse(html, HTTPStatus.NOT_FOUND, HEADERS)
