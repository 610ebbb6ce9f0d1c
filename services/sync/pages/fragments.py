"""What sync shows on pages that tenants composes: Today and Operations."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from services.sync import queries
from services.sync.desk import Desk
from services.sync.pages import words
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import ToDo
from shared.ui.reader import Reader
from shared.ui.states import DOCUMENT_STATES
from shared.web.frame import ADMINISTRATOR, BOOKKEEPER, OPERATIONS
from shared.web.identity import Identity
from shared.web.operations.operator import Own
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import SignedIn

_TO_BOOK: Final = DOCUMENT_STATES["to_book"]


def fragments_of(desk: Desk) -> APIRouter:
    pages = page_router("/sync/fragments")

    @pages.get("/today")
    def today(request: Request, identity: SignedIn) -> Response:
        """Documents to book, and ledgers that are not read or do not agree. Nothing for who keeps
        no books.
        """
        rows = _companies(desk, identity, BOOKKEEPER, ADMINISTRATOR)
        if not rows:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        reader = reader_of(request)
        lines = [
            *(ToDo(row["company"], row["connection"], 1, _trouble(row, reader), row["state"])
              for row in rows if row["trouble"]),
            *(ToDo(row["company"], row["inbox"], row["to_book"], row["company"], _TO_BOOK)
              for row in rows if row["to_book"]),
        ]  # fmt: skip
        template = "sync/fragment_today.html"
        return HTMLResponse(draw(request.app.state.pages, template, reader, lines=lines))

    return pages


def _trouble(row: dict[str, Any], reader: Reader) -> Markup:
    """Whose ledger it is, and by how much it differs."""
    parts = [row["company"]]
    for drift in row["drifts"]:
        difference = formats.money(drift.difference, reader)
        parts.append(translator(reader.language).gettext("by %(sum)s") % {"sum": difference})
    return Markup("<br>").join(parts)


def ledgers_of(desk: Desk) -> Own:
    """What sync adds to what every service shows on Operations."""

    def ledgers(request: Request, identity: Identity) -> str:
        rows = _companies(desk, identity, OPERATIONS)
        template = "sync/fragment_operations.html"
        return draw(request.app.state.pages, template, reader_of(request), rows=rows)

    return ledgers


def agreement_of(desk: Desk) -> Own:
    """The same in a few words: how many ledgers agree."""

    def agreement(request: Request, identity: Identity) -> str:
        rows = _companies(desk, identity, OPERATIONS)
        gettext = translator(reader_of(request).language).gettext
        agree = sum(not row["trouble"] for row in rows)
        said = gettext("%(agree)s of %(all)s ledgers agree") % {"agree": agree, "all": len(rows)}
        return str(said)

    return agreement


def _companies(desk: Desk, identity: Identity, *roles: str) -> list[dict[str, Any]]:
    tenants = set(identity.tenants_with(*roles))
    with desk.reading(*sorted(tenants)) as sql:
        now = desk.now()
        found = []
        for grant in identity.grants:
            if grant.tenant_id not in tenants:
                continue
            row = queries.connection(sql, grant.tenant_id)
            standing = row.standing if row else "none"
            drifts = row.drifts if row else ()
            waiting = [
                document
                for document in queries.documents(sql, grant.tenant_id)
                if document.state == "read"
            ]
            found.append(
                {
                    "company": grant.company,
                    "state": words.ledger_state(standing, drifts=bool(drifts)),
                    "drifts": drifts,
                    "trouble": standing not in {"asked", "connected"} or bool(drifts),
                    "to_book": len(waiting),
                    "last": queries.last_run(sql, grant.tenant_id, now),
                    "inbox": f"/sync/{grant.tenant_id}/einvoices",
                    "connection": f"/sync/{grant.tenant_id}/connection",
                }
            )
    return found
