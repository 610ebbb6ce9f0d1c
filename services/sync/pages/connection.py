"""The connection: is the ledger connected, when did it last run, does it agree?"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from services.sync import queries
from services.sync.acts.running import sync_now
from services.sync.desk import Books, Desk, Watches
from services.sync.model.hours import next_run
from services.sync.pages import words
from services.sync.queries import ConnectionRow
from shared.decider import Rejected
from shared.runtime import Runtime
from shared.ui.environment import draw
from shared.ui.formats import full_day, instant, money
from shared.ui.language import translator
from shared.ui.parts import Column, Fact
from shared.ui.reader import Reader
from shared.web.frame import ADMINISTRATOR, BOOKKEEPER, frame
from shared.web.problem import not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope

_SEE_OTHER = HTTPStatus.SEE_OTHER
_SYSTEMS = {"economic": "e-conomic"}


def connection_of(desk: Desk) -> APIRouter:
    pages = page_router("/sync/{tenant_id}/connection")

    @pages.get("", response_class=HTMLResponse)
    def connection(
        request: Request,
        scope: Watches,
        refused: Annotated[str, Query(max_length=60)] = "",
        runs_: Annotated[Literal["", "all"], Query(alias="runs")] = "",
    ) -> str:
        with desk.reading(scope.tenant_id) as sql:
            row = queries.connection(sql, scope.tenant_id)
            runs = queries.runs(sql, scope.tenant_id)
            counts = {
                side: queries.item_count(sql, scope.tenant_id, side) for side in words.sides(row)
            }
            postings = queries.postings(sql, scope.tenant_id, 20)
        reader = reader_of(request, _zone(row))
        gettext = translator(reader.language).gettext
        title = gettext("Connection to the ledger")
        standing = row.standing if row else "none"
        # What found nothing new takes no room of what did, but for the last run.
        told = [run for run in runs if run is runs[0] or is_news(run)]
        shown = runs if runs_ else told
        return draw(
            request.app.state.pages,
            "sync/connection.html",
            reader,
            page=frame(request, scope.identity, title, tenant_id=scope.tenant_id),
            here=f"/sync/{scope.tenant_id}/connection",
            state=words.ledger_state(standing, drifts=bool(row and row.drifts)),
            reason=words.standing_reason(standing, gettext),
            drifts=[
                (words.side(one.side, gettext), one.difference)
                for one in (row.drifts if row else ())
            ],
            facts=_facts(row, desk.runtime, scope, reader) if row else [],
            counts=[(words.side(side, gettext), counts[side]) for side in counts],
            runs=[
                (
                    run,
                    words.run_state(run.state),
                    words.asker(run.asked_by, gettext),
                    words.run_reason(run.state, run.reason, gettext),
                )
                for run in shown
            ],
            last_run=runs[0].started_at if runs else None,
            quiet=len(runs) - len(shown),
            columns=_columns(reader),
            postings=[
                (_leads_to(scope.tenant_id, row), *words.posting(row, reader)) for row in postings
            ],
            refused=words.refusal(refused, gettext) if refused else "",
            may_run=standing in {"asked", "connected"}
            and bool(scope.roles & {BOOKKEEPER, ADMINISTRATOR}),
        )

    @pages.post("/run")
    def run(scope: Books) -> Response:
        """Sync now; while a run is under way, another follows it."""
        here = f"/sync/{scope.tenant_id}/connection"
        try:
            desk.work(scope, sync_now)
        except Rejected as error:
            return RedirectResponse(f"{here}?refused={error.code}", _SEE_OTHER)
        return RedirectResponse(here, _SEE_OTHER)

    @pages.get("/runs/{run_id}", response_class=HTMLResponse)
    def one_run(request: Request, scope: Watches, run_id: UUID) -> str:
        with desk.reading(scope.tenant_id) as sql:
            row = queries.connection(sql, scope.tenant_id)
            found = queries.run(sql, scope.tenant_id, run_id)
        if found is None:
            raise not_found()
        reader = reader_of(request, _zone(row))
        gettext = translator(reader.language).gettext
        ended = instant(found.ended_at, reader) if found.ended_at else gettext("not yet")
        facts = [
            Fact(gettext("Asked for"), words.asker(found.asked_by, gettext)),
            Fact(gettext("Started"), instant(found.started_at, reader)),
            Fact(gettext("Ended"), ended),
            Fact(gettext("Pages read"), str(found.pages)),
            Fact(gettext("Entries read"), str(found.entries)),
            Fact(gettext("Changes passed on"), str(found.told)),
        ]
        return draw(
            request.app.state.pages,
            "sync/run.html",
            reader,
            page=frame(request, scope.identity, gettext("One run"), tenant_id=scope.tenant_id),
            home=f"/sync/{scope.tenant_id}/connection",
            run=found,
            state=words.run_state(found.state),
            reason=words.run_reason(found.state, found.reason, gettext),
            facts=facts,
        )

    return pages


def _leads_to(tenant_id: UUID, posting: sa.Row[Any]) -> str:
    """What the voucher is of: a payment of the client's, or the charges of a customer's invoice."""
    if posting.invoice_id is not None:
        return f"/dunning/{tenant_id}/receivables/{posting.invoice_id}"
    return f"/payments/{tenant_id}/payables/{posting.payment_id}"


def is_news(run: sa.Row[Any]) -> bool:
    """Whether a run read or told anything, or came to nothing."""
    return bool(run.entries or run.told or run.state != "completed")


def _zone(row: ConnectionRow | None) -> ZoneInfo | None:
    return ZoneInfo(row.time_zone) if row else None


def _facts(row: ConnectionRow, runtime: Runtime, scope: TenantScope, reader: Reader) -> list[Fact]:
    gettext = translator(reader.language).gettext
    following: datetime = next_run(runtime.clock.now(), row.time_zone, scope.tenant_id)
    found = [Fact(gettext("Next run"), instant(following, reader))]
    if row.consent is not None:
        given = row.consent
        found += [
            Fact(gettext("System"), _SYSTEMS[given.system]),
            Fact(gettext("Agreement"), given.agreement),
            Fact(gettext("Consent given"), full_day(given.given_on, reader)),
            Fact(gettext("Payments are executed by"), f"{given.institute}, {given.licence}"),
        ]
    for total in row.totals:
        account = words.control_account(total.side, gettext)
        found.append(Fact(account, money(total.ledger, reader)))
        if total.drifts:
            found += [
                Fact(gettext("The open items add up to"), money(total.mirror, reader)),
                Fact(gettext("Difference"), money(total.difference, reader)),
            ]
    return found


def _columns(reader: Reader) -> list[Column]:
    gettext = translator(reader.language).gettext
    return [
        Column(gettext("Started")),
        Column(gettext("Entries read"), "num"),
        Column(gettext("Changes passed on"), "num"),
        Column(gettext("State and reason"), "c-state"),
    ]
