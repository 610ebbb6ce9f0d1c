"""Operations of one service: whether its machine runs, and the mending of what it has set aside.

    pages=[operations_of(runtime, own=pipeline_of(runtime)), ...]

Every service mounts it, before its other pages. The fragment stands on the page Operations that
tenants composes; the pages list parked messages and unsettled effects of the tenants for which
somebody holds the role operations, and let them act on one at a time, for a reason.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from shared.runtime import Runtime
from shared.telemetry.standing import standing_of
from shared.ui.environment import draw
from shared.web.frame import OPERATIONS
from shared.web.operations.effects import effects_of
from shared.web.operations.operator import Own, nothing_of_its_own
from shared.web.operations.parked import parked_of
from shared.web.operations.troubles import position_facts, service_name, troubles
from shared.web.reading import reader_of
from shared.web.scope import SignedIn

__all__ = ["operations_of"]


def operations_of(runtime: Runtime, own: Own = nothing_of_its_own) -> APIRouter:
    """`own` draws what only this service can say of its work; it stands below what all say."""
    name = runtime.service.name
    router = APIRouter(prefix=f"/{name}")

    @router.get("/fragments/operations")
    def fragment(request: Request, identity: SignedIn) -> Response:
        """Exceptions first; quiet when all is well. Nothing for who does not look after any client."""
        tenants = identity.tenants_with(OPERATIONS)
        if not tenants:
            return Response(status_code=204)
        reader, now = reader_of(request), runtime.clock.now()
        standing = standing_of(runtime, tenants)
        html = draw(
            request.app.state.pages,
            "operations/fragment.html",
            reader,
            service=name,
            title=service_name(name, reader),
            standing=standing,
            troubles=troubles(name, standing, now, reader),
            facts_=position_facts(standing, now, reader),
        )
        return HTMLResponse(html + own(request, identity))

    router.include_router(parked_of(runtime))
    router.include_router(effects_of(runtime))
    return router
