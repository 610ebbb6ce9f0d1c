"""What collections shows on pages that tenants composes: Today and Operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from babel.dates import format_timedelta
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from services.collections import queries
from services.collections.desk import PREPARERS
from services.collections.pages import words
from services.collections.queries import Heap
from services.collections.values import CaseState, ClaimState
from shared.runtime import Runtime
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import ToDo
from shared.ui.reader import Reader
from shared.ui.states import PAYMENT_STATES, State
from shared.web.frame import OPERATIONS
from shared.web.identity import Identity
from shared.web.operations.operator import Own
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import SignedIn

_SHOWN: Final = (
    ("case", CaseState.OUTCOME_UNKNOWN.value, "sent", PAYMENT_STATES["unknown"]),
    ("claim", ClaimState.READY.value, "ready", words.CLAIMS[ClaimState.READY]),
    ("claim", ClaimState.PLANNED.value, "ready", words.PLANNED),
    ("claim", ClaimState.HELD.value, "paused", words.CLAIMS[ClaimState.HELD]),
)
"""What a person decides on, the most pressing first: kind, state, tab and shape."""
PIPELINE: Final = (
    ("claim", ClaimState.READY.value, "ready"),
    ("claim", ClaimState.PLANNED.value, "ready"),
    ("claim", ClaimState.HELD.value, "paused"),
    ("case", CaseState.SUBMITTED.value, "sent"),
    ("case", CaseState.OUTCOME_UNKNOWN.value, "sent"),
    ("case", CaseState.ACTIVE.value, "sent"),
    ("case", CaseState.REFUSED.value, "over"),
    ("case", CaseState.CLOSED.value, "over"),
)
_OVER: Final = frozenset({CaseState.REFUSED.value, CaseState.CLOSED.value})


@dataclass(frozen=True, slots=True)
class Found:
    """What one company has in one state, over all currencies."""

    tenant: UUID
    company: str
    heaps: tuple[Heap, ...]

    def of(self, kind: str, state: str) -> list[Heap]:
        return [one for one in self.heaps if (one.kind, one.state) == (kind, state)]


def fragments_of(runtime: Runtime) -> APIRouter:
    pages = page_router("/collections/fragments")

    @pages.get("/today")
    def today(request: Request, identity: SignedIn) -> Response:
        """What goes by itself, what waits for a person, and what nobody knows."""
        tenants = identity.tenants_with(*PREPARERS)
        if not tenants:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        reader = reader_of(request)
        lines = [
            _to_do(found, kind, state, tab, shape, reader)
            for kind, state, tab, shape in _SHOWN
            for found in _found(runtime, identity, set(tenants))
            if found.of(kind, state)
        ]
        template = "collections/fragment_today.html"
        return HTMLResponse(draw(request.app.state.pages, template, reader, lines=lines))

    return pages


def pipeline_of(runtime: Runtime) -> Own:
    """What collections adds to what every service shows on Operations."""

    def pipeline(request: Request, identity: Identity) -> str:
        reader = reader_of(request)
        gettext = translator(reader.language).gettext
        watched = set(identity.tenants_with(OPERATIONS))
        rows = [
            (found.company, [_cell(found, *place, reader) for place in PIPELINE])
            for found in _found(runtime, identity, watched)
        ]
        heads = [
            gettext("Ready"),
            gettext("Goes by itself"),
            gettext("Held"),
            gettext("Sending"),
            gettext("Outcome unknown"),
            gettext("With the agency"),
            gettext("Refused"),
            gettext("Closed"),
        ]
        template = "collections/fragment_operations.html"
        return draw(request.app.state.pages, template, reader, rows=rows, heads=heads)

    return pipeline


def _cell(found: Found, kind: str, state: str, tab: str, reader: Reader) -> tuple[int, str, str]:
    """The figure, where it leads, and the age of the oldest while age says something."""
    heaps = found.of(kind, state)
    count = sum(one.count for one in heaps)
    if not count:
        return 0, "", ""
    oldest = max(one.oldest for one in heaps)
    age = "" if state in _OVER else _age(oldest, reader)
    return count, f"/collections/{found.tenant}/cases?tab={tab}", age


def _age(oldest: timedelta, reader: Reader) -> str:
    return format_timedelta(max(oldest, timedelta(minutes=1)), "minute", locale=reader.locale)


def _found(runtime: Runtime, identity: Identity, tenants: set[UUID]) -> Iterator[Found]:
    grants = [grant for grant in identity.grants if grant.tenant_id in tenants]
    with runtime.app.transaction([grant.tenant_id for grant in grants]) as transaction:
        for grant in grants:
            heaps = queries.heaps(transaction.sql, grant.tenant_id, runtime.clock.now())
            yield Found(grant.tenant_id, grant.company, tuple(heaps))


def _to_do(found: Found, kind: str, state: str, tab: str, shape: State, reader: Reader) -> ToDo:
    gettext = translator(reader.language).gettext
    heaps = found.of(kind, state)
    amounts = ", ".join(formats.money(one.amount, reader) for one in heaps)
    days = [one.goes_on for one in heaps if one.goes_on is not None]
    if days and state == ClaimState.PLANNED.value:
        when = gettext("the first %(day)s") % {"day": formats.day(min(days), reader)}
    else:
        oldest = _age(max(one.oldest for one in heaps), reader)
        when = gettext("the oldest for %(age)s") % {"age": oldest}
    return ToDo(
        found.company,
        f"/collections/{found.tenant}/cases?tab={tab}",
        sum(one.count for one in heaps),
        Markup("<br>").join([found.company, f"{amounts}, {when}"]),
        shape,
    )
