"""Operations of one service: whether its machine runs, and the mending of what it has set aside.

    pages=[operations_of(runtime, own=pipeline_of(runtime)), ...]

Every service mounts it, before its other pages. The fragment stands on the page Operations that
tenants composes; the pages list parked messages and unsettled effects of the tenants for which
somebody holds the role operations, and let them act on one at a time, for a reason.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from shared.runtime import Runtime
from shared.telemetry.standing import standing_of
from shared.ui.environment import draw
from shared.web.frame import OPERATIONS
from shared.web.operations.effects import effects_of
from shared.web.operations.names import service_name, work_name
from shared.web.operations.operator import Own, nothing_of_its_own
from shared.web.operations.parked import parked_of
from shared.web.operations.troubles import behind, in_words, position_facts, troubles
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import SignedIn

__all__ = ["operations_of"]


def operations_of(
    runtime: Runtime, own: Own = nothing_of_its_own, own_words: Own = nothing_of_its_own
) -> APIRouter:
    """`own` draws what only this service can say of its work, `own_words` says it in a few."""
    name = runtime.service.name
    router = page_router(f"/{name}")

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
            behind=behind(standing, now, reader),
            called=lambda kind: work_name(kind, reader),
            facts_=position_facts(standing, now, reader),
            # Drawn by the service's own template, so escaped already.
            own=Markup(own(request, identity)),  # noqa: S704  see above
        )
        return HTMLResponse(html)

    @router.get("/fragments/health")
    def in_few_words(request: Request, identity: SignedIn) -> Response:
        """The same in a line, for the strip on Today: it leads to what the service shows in full."""
        tenants = identity.tenants_with(OPERATIONS)
        if not tenants:
            return Response(status_code=204)
        reader, now = reader_of(request), runtime.clock.now()
        standing = standing_of(runtime, tenants)
        found = troubles(name, standing, now, reader)
        html = draw(
            request.app.state.pages,
            "operations/health.html",
            reader,
            service=name,
            title=service_name(name, reader),
            troubles=found,
            said=in_words(found, reader),
            behind=behind(standing, now, reader),
            own=own_words(request, identity),
        )
        return HTMLResponse(html)

    router.routes.extend(parked_of(runtime).routes)
    router.routes.extend(effects_of(runtime).routes)
    return router
