"""What payments shows on pages that tenants composes: Today and Operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from babel.dates import format_timedelta
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from services.payments import queries
from services.payments.desk import PREPARERS
from services.payments.pages import view, words
from services.payments.queries import Stage
from services.payments.values import State
from shared.money import Money, sums
from shared.runtime import Runtime
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import ToDo
from shared.ui.reader import Reader
from shared.ui.states import State as Shape
from shared.web.frame import OPERATIONS
from shared.web.identity import Identity
from shared.web.operations.operator import Own
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import SignedIn

_GOES_ON: Final = ("ready", "asked", "partly")
"""What is on its way when somebody sends or answers it."""
_STANDS_STILL: Final = ("unknown", "held", "blocked")
"""What does not move before a person has decided, the worst first."""
PIPELINE: Final = (
    "ready", "blocked", "asked", "partly", "approved", "held", "scheduled", "bank", "unknown",
    "paid", "refused",
)  # fmt: skip
_OVER: Final = frozenset({"paid", "refused"})


@dataclass(frozen=True, slots=True)
class Heap:
    """What one company has in one list. `oldest` is how long it has been there at most."""

    tenant: UUID
    company: str
    key: str
    count: int
    amounts: Sequence[Money]
    oldest: timedelta
    due_on: date
    shape: Shape

    @property
    def href(self) -> str:
        return f"/payments/{self.tenant}/payables?state={self.key}"


def fragments_of(runtime: Runtime) -> APIRouter:
    pages = page_router("/payments/fragments")

    @pages.get("/today")
    def today(request: Request, identity: SignedIn) -> Response:
        """What goes on once it is sent or answered, and what stands still; each count leads to its
        list. Nothing for who prepares no payments.
        """
        tenants = identity.tenants_with(*PREPARERS)
        if not tenants:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        reader = reader_of(request)
        heaps = list(_heaps(runtime, identity, set(tenants)))
        html = draw(
            request.app.state.pages,
            "payments/fragment_today.html",
            reader,
            to_pay=[_to_do(heap, _due(heap, reader), reader) for heap in _in(_GOES_ON, heaps)],
            to_decide=[
                *(_to_do(heap, _since(heap, reader), reader) for heap in _in(_STANDS_STILL, heaps)),
                *_apart(runtime, identity, set(tenants), reader),
            ],
        )
        return HTMLResponse(html)

    return pages


def pipeline_of(runtime: Runtime) -> Own:
    """What payments adds to what every service shows on Operations."""

    def pipeline(request: Request, identity: Identity) -> str:
        """How many of each company are where, and since when; each figure leads to its list."""
        reader = reader_of(request)
        gettext = translator(reader.language).gettext
        watched = set(identity.tenants_with(OPERATIONS))
        heaps = {(heap.tenant, heap.key): heap for heap in _heaps(runtime, identity, watched)}
        rows = [
            (
                grant.company,
                [_cell(heaps.get((grant.tenant_id, key)), reader) for key in PIPELINE],
            )
            for grant in identity.grants
            if grant.tenant_id in watched
        ]
        heads = [view.tab_title(key, gettext) for key in PIPELINE]
        template = "payments/fragment_operations.html"
        return draw(request.app.state.pages, template, reader, rows=rows, heads=heads)

    return pipeline


def _cell(heap: Heap | None, reader: Reader) -> tuple[int, str, str]:
    """The figure, where it leads, and the age of the oldest while age says something."""
    if heap is None:
        return 0, "", ""
    age = "" if heap.key in _OVER else format_timedelta(
        max(heap.oldest, timedelta(minutes=1)), "minute", locale=reader.locale)  # fmt: skip
    return heap.count, heap.href, age


def _heaps(runtime: Runtime, identity: Identity, tenants: set[UUID]) -> Iterator[Heap]:
    """By company and list, over all currencies."""
    for sql, tenant, company in _each(runtime, identity, tenants):
        stages: dict[str, list[Stage]] = {}
        for stage in queries.pipeline(sql, tenant, runtime.clock.now()):
            stages.setdefault(view.list_of(stage.state, partly=stage.partly), []).append(stage)
        for key, found in stages.items():
            yield Heap(
                tenant,
                company,
                key,
                sum(stage.count for stage in found),
                list(sums(stage.amount for stage in found).values()),
                max(stage.oldest for stage in found),
                min(stage.due_on for stage in found),
                words.PARTLY if key == "partly" else words.shape(found[0].state),
            )


def _each(
    runtime: Runtime, identity: Identity, tenants: set[UUID]
) -> Iterator[tuple[sa.Connection, UUID, str]]:
    grants = [grant for grant in identity.grants if grant.tenant_id in tenants]
    with runtime.app.transaction([grant.tenant_id for grant in grants]) as transaction:
        for grant in grants:
            yield transaction.sql, grant.tenant_id, grant.company


def _in(keys: Sequence[str], heaps: Iterable[Heap]) -> list[Heap]:
    found = [heap for heap in heaps if heap.key in keys]
    return sorted(found, key=lambda heap: keys.index(heap.key))


def _apart(
    runtime: Runtime, identity: Identity, tenants: set[UUID], reader: Reader
) -> Iterator[ToDo]:
    """What its state alone does not give away: approvers who are late, and what came to nothing at
    the bank and is still owed.
    """
    now, gettext = runtime.clock.now(), translator(reader.language).gettext
    over = gettext("the hour for a yes is over")
    for sql, tenant, company in _each(runtime, identity, tenants):
        awaiting = queries.payables(sql, tenant, {State.AWAITING_APPROVAL})
        late = [one for one in awaiting if view.is_late(one, now)]
        if late:
            said = f"{_together(sums(one.amount for one in late).values(), reader)}, {over}"
            href = f"/payments/{tenant}/payables?state=late"
            yield ToDo(company, href, len(late), _lines(company, said), words.LATE)
        redo = queries.to_redo(sql, tenant)
        if redo:
            said = _together(sums(one.remaining for one in redo).values(), reader)
            href = f"/payments/{tenant}/payables?state=redo"
            shape = words.shape(State.BANK_REJECTED)
            yield ToDo(company, href, len(redo), _lines(company, said), shape)


def _to_do(heap: Heap, when: str, reader: Reader) -> ToDo:
    detail = _lines(heap.company, f"{_together(heap.amounts, reader)}, {when}")
    return ToDo(heap.company, heap.href, heap.count, detail, heap.shape)


def _lines(*lines: str) -> Markup:
    return Markup("<br>").join(lines)


def _together(amounts: Iterable[Money], reader: Reader) -> str:
    return ", ".join(formats.money(amount, reader) for amount in amounts)


def _due(heap: Heap, reader: Reader) -> str:
    gettext = translator(reader.language).gettext
    said = (
        gettext("past due since %(day)s")
        if heap.due_on < reader.day
        else gettext("due first %(day)s")
    )
    return str(said % {"day": formats.day(heap.due_on, reader)})


def _since(heap: Heap, reader: Reader) -> str:
    gettext = translator(reader.language).gettext
    age = format_timedelta(max(heap.oldest, timedelta(minutes=1)), "minute", locale=reader.locale)
    return str(gettext("the oldest for %(age)s") % {"age": age})
