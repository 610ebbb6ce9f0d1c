"""What dunning shows on Today: what is to be reminded, exceptions first."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from services.dunning.desk import FOLLOWERS
from services.dunning.pages.words import Say
from services.dunning.queries import today as queries
from services.dunning.queries.today import Heap
from shared.runtime import Runtime
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import ToDo
from shared.ui.reader import Reader
from shared.ui.states import RECEIVABLE_STATES
from shared.web.identity import Identity
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import SignedIn

_WHERE: Final = {
    "listed": "reminders",
    "disputed": "reminders/why-not?reason=disputed",
    "no_address": "debtors?only=address",
    "rule_missing": "reminders/why-not",
}


def fragments_of(runtime: Runtime) -> APIRouter:
    pages = page_router("/dunning/fragments")

    @pages.get("/today")
    def today(request: Request, identity: SignedIn) -> Response:
        """Each count leads to its list. Nothing for who follows up no invoices."""
        tenants = identity.tenants_with(*FOLLOWERS)
        if not tenants:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        reader = reader_of(request)
        lines = list(_lines(runtime, identity, set(tenants), reader))
        html = draw(request.app.state.pages, "dunning/fragment_today.html", reader, to_remind=lines)
        return HTMLResponse(html)

    return pages


def _lines(
    runtime: Runtime, identity: Identity, tenants: set[UUID], reader: Reader
) -> Iterator[ToDo]:
    """What stands still before what goes, over all companies."""
    gettext = translator(reader.language).gettext
    grants = [grant for grant in identity.grants if grant.tenant_id in tenants]
    found: list[tuple[Heap, UUID, str]] = []
    with runtime.app.transaction([grant.tenant_id for grant in grants]) as transaction:
        for grant in grants:
            heaps = queries.heaps(transaction.sql, grant.tenant_id)
            found += [(heap, grant.tenant_id, grant.company) for heap in heaps]
    order = ("rule_missing", "no_address", "disputed", "listed")
    for heap, tenant_id, company in sorted(found, key=lambda one: order.index(one[0].key)):
        href = f"/dunning/{tenant_id}/{_WHERE[heap.key]}"
        said = _said(heap, reader, gettext)
        detail = Markup("<br>").join([company, said])
        yield ToDo(company, href, heap.count, detail, RECEIVABLE_STATES[heap.key])


def _said(heap: Heap, reader: Reader, gettext: Say) -> str:
    amounts = ", ".join(formats.money(amount, reader) for amount in heap.amounts)
    oldest = gettext("the oldest since %(day)s") % {"day": formats.day(heap.oldest_on, reader)}
    return f"{amounts}, {oldest}"
