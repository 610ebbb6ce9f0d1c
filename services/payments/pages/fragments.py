"""What payments shows on pages that tenants composes: Today and Operations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.payments import queries
from services.payments.pages import view, words
from services.payments.queries import Stage
from services.payments.values import State
from shared.money import sums
from shared.runtime import Runtime
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.web.frame import OPERATIONS
from shared.web.identity import Identity
from shared.web.operations.operator import Own
from shared.web.reading import reader_of
from shared.web.scope import SignedIn

_HOUR_S = 3600


def fragments_of(runtime: Runtime) -> APIRouter:
    pages = APIRouter(prefix="/payments/fragments", default_response_class=HTMLResponse)

    @pages.get("/today")
    def today(request: Request, identity: SignedIn) -> str:
        """Unknown, blocked, held and ready over all companies, exceptions first."""
        stages = _stages(runtime, identity)
        groups = [
            _group("unknown", {State.OUTCOME_UNKNOWN}, stages),
            _group("blocked", {State.BLOCKED}, stages),
            _group("held", {State.HELD}, stages),
            _group("ready", {State.DRAFT}, stages),
        ]
        return draw(
            request.app.state.pages,
            "payments/fragment_today.html",
            reader_of(request),
            groups=[group for group in groups if group["count"]],
        )

    return pages


def pipeline_of(runtime: Runtime) -> Own:
    """What payments adds to what every service shows on Operations."""

    def pipeline(request: Request, identity: Identity) -> str:
        """The pipeline by client, with ages; each figure leads to its list."""
        reader = reader_of(request)
        gettext = translator(reader.language).gettext
        watched = set(identity.tenants_with(OPERATIONS))
        rows = [
            {
                "company": company,
                "shape": words.shape(stage.state),
                "count": stage.count,
                "amount": stage.amount,
                "age": _age(stage.oldest, gettext),
                "href": f"/payments/{tenant}/payables?state={view.tab_of(stage.state)}",
            }
            for tenant, company, stage in _stages(runtime, identity)
            if tenant in watched
        ]
        return draw(request.app.state.pages, "payments/fragment_operations.html", reader, rows=rows)

    return pipeline


def _stages(runtime: Runtime, identity: Identity) -> list[tuple[Any, str, Stage]]:
    tenants = [grant.tenant_id for grant in identity.grants]
    with runtime.app.transaction(tenants) as transaction:
        return [
            (grant.tenant_id, grant.company, stage)
            for grant in identity.grants
            for stage in queries.pipeline(transaction.sql, grant.tenant_id, runtime.clock.now())
        ]


def _group(key: str, states: set[State], stages: list[tuple[Any, str, Stage]]) -> dict[str, Any]:
    mine = [one for one in stages if one[2].state in states]
    tenants = {tenant: company for tenant, company, _ in mine}
    return {
        "key": key,
        "count": sum(stage.count for _, _, stage in mine),
        "totals": list(sums(stage.amount for _, _, stage in mine).values()),
        "companies": [
            (company, f"/payments/{tenant}/payables?state={key}",
             sum(stage.count for other, _, stage in mine if other == tenant))
            for tenant, company in tenants.items()
        ],
    }  # fmt: skip


def _age(oldest: timedelta, gettext: words.Say) -> str:
    if oldest.days:
        return gettext("%(days)s days") % {"days": oldest.days}
    return gettext("%(hours)s hours") % {"hours": int(oldest.total_seconds() // _HOUR_S)}
