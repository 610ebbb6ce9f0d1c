"""How large a request may be: 413 as soon as that is known, before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.answers import answer
from shared.web.problem import TOO_LARGE, Problem

BODY_LIMIT: Final = 1_048_576  # bytes


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """Refuses a length that is announced too large before reading; counts when none is announced.

    `larger` holds the limits of paths that take documents, by prefix. The counting is Starlette's;
    an announced length is judged here, since Starlette would first run a route that reads no body.
    """

    app: ASGIApp
    limit: int = BODY_LIMIT
    larger: Mapping[str, int] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        if _announced(scope) > limit:
            await answer(Request(scope), Problem(TOO_LARGE))(scope, receive, send)
            return
        await RequestBodyLimitMiddleware(self.app, limit)(scope, receive, send)

    def _limit_of(self, path: str) -> int:
        """That of the longest prefix that fits."""
        fitting = [prefix for prefix in self.larger if path.startswith(prefix)]
        return self.larger[max(fitting, key=len)] if fitting else self.limit


def _announced(scope: Scope) -> int:
    """The announced length in bytes; zero without one, or where it is none."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0
