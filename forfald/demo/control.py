"""The demonstration's own levers: the clock bar and the kill button. On loopback, demo only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from forfald.demo.supervisor import Supervisor
from forfald.demo.time_travel import NotQuiet, TimeTravel
from shared.ui.parts import local

Handler = Callable[[Request], Awaitable[Response]]
_SAME_SITE = {"same-origin", "none", ""}


class Control:
    """`outside` is the program that holds the simulated world: it is not killed."""

    def __init__(self, supervisor: Supervisor, travel: TimeTravel, outside: str) -> None:
        self._supervisor = supervisor
        self._travel = travel
        self._outside = outside

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/demo/clock", self._of_this_site(self._clock), methods=["POST"]),
                Route("/demo/kill", self._of_this_site(self._kill), methods=["POST"]),
                Route("/demo/state", self._state),
            ]
        )

    @staticmethod
    def _of_this_site(handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            if request.headers.get("sec-fetch-site", "") not in _SAME_SITE:
                return PlainTextResponse("a form of another site moves nothing here\n", 403)
            return await handler(request)

        return guarded

    async def _clock(self, request: Request) -> Response:
        to = (await request.form()).get("to")
        try:
            if to == "banking-day":
                await run_in_threadpool(self._travel.to_next_banking_day)
            elif to == "fifteen-days":
                await run_in_threadpool(self._travel.days, 15)
            else:
                return PlainTextResponse(f"the clock does not know {to!r}\n", 422)
        except NotQuiet as busy:
            return PlainTextResponse(f"{busy}\n", 503)
        return back(request)

    async def _kill(self, request: Request) -> Response:
        names = [name for name in self._supervisor.state() if name != self._outside]
        wanted = str((await request.form()).get("service") or self._supervisor.anyone(names))
        if wanted not in names:
            return PlainTextResponse(f"there is no service {wanted!r}\n", 422)
        self._supervisor.kill(wanted)
        return back(request)

    async def _state(self, _: Request) -> Response:
        return JSONResponse(self._supervisor.state())


def back(request: Request) -> Response:
    """To the page that the form stood on, if it is one of ours."""
    _, _, path = request.headers.get("referer", "").partition(request.headers.get("host", "//"))
    try:
        return RedirectResponse(local(path or "/"), 303)
    except ValueError:
        return RedirectResponse("/", 303)
