"""What every request leaves behind: one span and one count, by the route's template."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry import span
from shared.telemetry.metrics import REQUESTS
from shared.telemetry.traces import rename

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Traffic:
    """A path holds ids and a method can be anything: both are told from closed sets only."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "other"
        status = 500  # what a server answers when nothing else was

        async def noting_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with span(method, Headers(scope=scope).get("traceparent")):
            try:
                await self.app(scope, receive, noting_send)
            finally:
                template = _template(scope)
                rename(f"{method} {template}")
                REQUESTS.labels(method, template, status).inc()


def _template(scope: Scope) -> str:
    """The route as it is written."""
    return str(getattr(scope.get("route"), "path", "unmatched"))
