"""The demonstration's own levers: the clock bar and the kill button. On loopback, demo only.

Each shows what it does on a page that renews itself until it is done, without script, and that can
be left: the clock moves on, the service comes back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from babel.numbers import format_decimal
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from forfald.demo.death import Death, Died
from forfald.demo.move import Move
from forfald.demo.supervisor import Supervisor
from forfald.demo.time_travel import ZONE
from shared.clock import day_of
from shared.ui.environment import draw, environment
from shared.ui.language import negotiate, translator
from shared.ui.parts import Page, local
from shared.ui.reader import Reader
from shared.web.operations.names import service_name
from shared.web.security import SecurityHeaders

Handler = Callable[[Request], Awaitable[Response]]
TEMPLATES: Final = Path(__file__).parent / "templates"
_SAME_SITE = {"same-origin", "none", ""}
_AGAIN_S: Final = "1"


def control_app(move: Move, death: Death, supervisor: Supervisor) -> Starlette:
    pages = environment(TEMPLATES)

    async def start_clock(request: Request) -> Response:
        form = await request.form()
        try:
            move.begin(str(form.get("to")))
        except KeyError:
            return PlainTextResponse(f"the clock does not know {form.get('to')!r}\n", 422)
        return RedirectResponse(f"/demo/clock?{_come_back(request, form)}", 303)

    async def clock(request: Request) -> Response:
        progress = move.progress()
        if not progress.is_moving and not progress.is_stuck:
            return RedirectResponse(_back(request), 303)
        reader = _reader(request, progress.now)
        gettext = translator(reader.language).gettext
        title = gettext("The clock stands") if progress.is_stuck else gettext("Time passes")
        return _renewed(
            draw(pages, "demo/clock.html", reader, page=Page(title), back=_back(request),
                 progress=progress),
            again=progress.is_moving,
        )  # fmt: skip

    async def kill(request: Request) -> Response:
        form = await request.form()
        try:
            death.of(str(form.get("service") or ""))
        except KeyError:
            return PlainTextResponse(f"there is no service {form.get('service')!r}\n", 422)
        return RedirectResponse(f"/demo/kill?{_come_back(request, form)}", 303)

    async def killed(request: Request) -> Response:
        died = death.last()
        if died is None:
            return RedirectResponse(_back(request), 303)
        reader = _reader(request, move.progress().now)
        gettext = translator(reader.language).gettext
        name = service_name(died.name, reader)
        title = gettext("%(name)s was killed") % {"name": name}
        return _renewed(
            draw(pages, "demo/kill.html", reader, page=Page(title), back=_back(request),
                 died=died, took=_seconds(died, reader),
                 programs=[(service_name(one, reader), one == died.name, supervisor.state()[one])
                           for one in death.services]),
            again=died.seconds is None,
        )  # fmt: skip

    async def state(_: Request) -> Response:
        return JSONResponse(supervisor.state())

    return Starlette(
        routes=[
            Route("/demo/clock", _of_this_site(start_clock), methods=["POST"]),
            Route("/demo/clock", clock),
            Route("/demo/kill", _of_this_site(kill), methods=["POST"]),
            Route("/demo/kill", killed),
            Route("/demo/state", state),
        ],
        middleware=[Middleware(SecurityHeaders)],
    )


def _reader(request: Request, now: datetime) -> Reader:
    """In the language of the page that the form stood on."""
    accepted = request.headers.get("accept-language")
    language = negotiate(request.query_params.get("language"), accepted)
    return Reader(language, ZONE, day_of(now, ZONE))


def _seconds(died: Died, reader: Reader) -> str:
    return format_decimal(died.seconds or 0, "0.0", locale=reader.locale)


def _renewed(html: str, *, again: bool) -> Response:
    """Asked for again by a header, which needs no script, as long as there is something to see."""
    return HTMLResponse(html, headers={"Refresh": _AGAIN_S} if again else {})


def _of_this_site(handler: Handler) -> Handler:
    async def guarded(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "") not in _SAME_SITE:
            return PlainTextResponse("a form of another site moves nothing here\n", 403)
        return await handler(request)

    return guarded


def _come_back(request: Request, form: Any) -> str:
    """Where the form stood and in which language it was read, for the page that follows."""
    _, _, path = request.headers.get("referer", "").partition(request.headers.get("host", "//"))
    return urlencode({"back": path or "/", "language": str(form.get("language") or "")})


def _back(request: Request) -> str:
    """To the page that the form stood on, if it is one of ours."""
    try:
        return local(request.query_params.get("back") or "/")
    except ValueError:
        return "/"
