"""What payments shows on pages that tenants composes: Today and Operations."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from services.payments import queries
from services.payments.desk import PREPARERS
from services.payments.pages import view, words
from services.payments.queries import Stage
from services.payments.values import State
from shared.runtime import Runtime
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import ToDo
from shared.ui.reader import Reader
from shared.web.frame import OPERATIONS
from shared.web.identity import Identity
from shared.web.operations.operator import Own
from shared.web.reading import reader_of
from shared.web.scope import SignedIn

_HOUR_S = 3600
_NEEDS_SOMEBODY = (State.OUTCOME_UNKNOWN, State.HELD, State.BLOCKED, State.DRAFT)


def fragments_of(runtime: Runtime) -> APIRouter:
    pages = APIRouter(prefix="/payments/fragments")

    @pages.get("/today")
    def today(request: Request, identity: SignedIn) -> Response:
        """Unknown, held, blocked and ready over all companies, exceptions first; each count leads to
        its list. Nothing for who prepares no payments.
        """
        tenants = identity.tenants_with(*PREPARERS)
        if not tenants:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        reader = reader_of(request)
        found = [one for one in _stages(runtime, identity) if one[0] in tenants]
        lines = [
            _to_do(tenant, company, stage, reader)
            for state in _NEEDS_SOMEBODY
            for tenant, company, stage in found
            if stage.state is state
        ]
        html = draw(request.app.state.pages, "payments/fragment_today.html", reader, lines=lines)
        return HTMLResponse(html)

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


def _stages(runtime: Runtime, identity: Identity) -> list[tuple[UUID, str, Stage]]:
    tenants = [grant.tenant_id for grant in identity.grants]
    with runtime.app.transaction(tenants) as transaction:
        return [
            (grant.tenant_id, grant.company, stage)
            for grant in identity.grants
            for stage in queries.pipeline(transaction.sql, grant.tenant_id, runtime.clock.now())
        ]


def _to_do(tenant: UUID, company: str, stage: Stage, reader: Reader) -> ToDo:
    return ToDo(
        title=company,
        href=f"/payments/{tenant}/payables?state={view.tab_of(stage.state)}",
        count=stage.count,
        detail=f"{company} · {formats.money(stage.amount, reader)}",
        state=words.shape(stage.state),
    )


def _age(oldest: timedelta, gettext: words.Say) -> str:
    if oldest.days:
        return gettext("%(days)s days") % {"days": oldest.days}
    return gettext("%(hours)s hours") % {"hours": int(oldest.total_seconds() // _HOUR_S)}
