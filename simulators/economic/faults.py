"""The ways in which the outside world fails, on demand: the next n requests of a path.

A fault strikes before the books are touched or after, which a client cannot tell apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class Breakdown(StrEnum):
    """What the client sees of the request's end."""

    ANSWER = "answer"
    """The status and body of the fault."""
    LOST = "lost"
    """The connection breaks off within the answer."""
    SILENCE = "silence"
    """No answer ever comes, until the client hangs up."""


class Fault(msgspec.Struct, rename="camel", kw_only=True):
    """`status` 429 with `retryAfter`, a 5xx, garbage with 200, a lost connection, a silence."""

    path: str
    method: Literal["GET", "POST"] | None = None
    grant: str | None = None
    times: int = 1
    after_commit: bool = False
    end: Breakdown = Breakdown.ANSWER
    status: int = 500
    retry_after: int | str | None = None
    body: str = ""

    def strikes(self, method: str, path: str, grant: str) -> bool:
        return (
            self.times > 0
            and self.path in path
            and self.method in {None, method}
            and self.grant in {None, grant}
        )

    def response(self) -> Response:
        match self.end:
            case Breakdown.ANSWER:
                headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
                return Response(self.body, self.status, headers, "application/json")
            case Breakdown.LOST:
                return LostResponse()
            case Breakdown.SILENCE:
                return SilentResponse()


class Faults:
    """Those still to come, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []

    def inject(self, faults: Iterable[Fault]) -> None:
        self._coming += faults

    def clear(self) -> None:
        self._coming.clear()

    def next(self, method: str, path: str, grant: str) -> Fault | None:
        for fault in self._coming:
            if fault.strikes(method, path, grant):
                fault.times -= 1
                return fault
        return None


class LostResponse(Response):
    """Promises a body and breaks off: the server closes the connection on it."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        promise = [(b"content-length", b"2"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": promise})


class SilentResponse(Response):
    """Holds the line until the client gives up."""

    async def __call__(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
