"""One way to assemble a service's HTTP side: JSON API, pages, probes, static files, problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import HTMLResponse, JSONResponse, Response

from shared.clock import Clock
from shared.telemetry import metrics
from shared.ui.assets import ROOT as STATIC
from shared.ui.assets import published_assets
from shared.ui.environment import environment
from shared.web import problem
from shared.web.answers import UnexpectedErrors, answer_problems, problem_page
from shared.web.doorkeeper import Doorkeeper
from shared.web.limits import BodyLimit
from shared.web.routers import api_prefix
from shared.web.security import SecurityHeaders
from shared.web.traffic import Traffic

_log = structlog.get_logger(__name__)

Check = Callable[[], None]
"""Asked by /readyz; raises when the service cannot work yet."""

HOUSE_ZONE: Final = ZoneInfo("Europe/Copenhagen")
_FOR_EVER: Final = "public, max-age=31536000, immutable"


def web_app(
    name: str,
    *,
    doorkeeper: Doorkeeper,
    business_clock: Clock,
    api: Sequence[APIRouter] = (),
    pages: Sequence[APIRouter] = (),
    templates: Sequence[Path] = (),
    ready: Mapping[str, Check] | None = None,
    https: bool = False,
    body_limits: Mapping[str, int] | None = None,
    sign_in: str = "/sign-in",
    zone: ZoneInfo = HOUSE_ZONE,
) -> FastAPI:
    """The app of the service `name`: its API under `/{name}/v1`, its pages where they say.

    Page routes draw with `request.app.state.pages`, and are closed to forms of other sites.
    `body_limits` are bytes by path prefix, for what takes documents; one mebibyte holds elsewhere.
    `ready` holds what must answer before the service takes work, by name; it runs in a thread.
    """
    prefix = api_prefix(name)
    app = FastAPI(
        title=f"Forfald {name}",
        version="1",
        openapi_url=f"{prefix}/openapi.json",
        # Their pages load scripts from elsewhere, which the content policy forbids.
        docs_url=None,
        redoc_url=None,
        # Its own telemetry records the texts of exceptions; spans and figures are ours.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.api_prefix = prefix
    app.state.doorkeeper = doorkeeper
    app.state.business_clock = business_clock
    app.state.pages = environment(*templates)
    app.state.sign_in = sign_in
    app.state.zone = zone
    # They are complete as they are: see `routers`.
    for router in (*api, *pages):
        app.router.routes.extend(router.routes)
    app.include_router(_probes(ready or {}), include_in_schema=False)
    app.include_router(_statics(), include_in_schema=False)
    answer_problems(app)
    _declare_problems(app)
    # The last one added stands outermost.
    app.add_middleware(BodyLimit, larger=body_limits or {})
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(SecurityHeaders, https=https)
    app.add_middleware(Traffic)
    return app


def _probes(ready: Mapping[str, Check]) -> APIRouter:
    router = APIRouter()

    @router.get("/healthz")
    def alive() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    def can_work() -> Response:
        lacking = [name for name, check in ready.items() if not _passes(name, check)]
        if lacking:
            return JSONResponse({"status": "not ready", "lacking": lacking}, 503)
        return JSONResponse({"status": "ready"})

    @router.get("/metrics")
    def figures() -> Response:
        return Response(metrics.exposition(), media_type=metrics.MEDIA_TYPE)

    return router


def _passes(name: str, check: Check) -> bool:
    try:
        check()
    except Exception as error:  # noqa: BLE001  whatever it is, the service is not ready
        _log.warning("not ready", check=name, error=type(error).__name__)
        return False
    return True


def _statics() -> APIRouter:
    router = APIRouter()

    @router.get(STATIC + "{published}")
    def static(published: str) -> Response:
        asset = published_assets().get(published)
        if asset is None:
            raise problem.not_found()
        headers = {"Cache-Control": _FOR_EVER}
        return Response(asset.body, media_type=asset.media_type, headers=headers)

    @router.get(problem.TYPES + "{code}")
    def kind(request: Request, code: str) -> Response:
        """The page that a problem's `type` leads to."""
        found = problem.KINDS.get(code)
        if found is None:
            raise problem.not_found()
        return HTMLResponse(problem_page(request, found, None, "problem.html"))

    return router


def _declare_problems(app: FastAPI) -> None:
    """FastAPI knows no schema but those of its routes: ours is added when the document is made."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, routes=app.routes)
            schemas = made.setdefault("components", {}).setdefault("schemas", {})
            model = problem.ProblemDetails.model_json_schema(
                ref_template="#/components/schemas/{model}"
            )
            schemas.update(model.pop("$defs"))
            schemas["ProblemDetails"] = model
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way to extend it
