"""A party's own description of its interface, as a judge between who plays it and who calls it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

import pytest
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SPECS: Final = Path(
    os.environ.get("FORFALD_SPECS", Path(__file__).parents[3] / "shared" / "samples" / "specs")
)
_CLIENT_ERROR: Final = 400


def file_of(name: str) -> Path:
    """A description, which is not ours to keep; skips where it is absent."""
    path = SPECS / name
    if not path.exists():
        pytest.skip(f"{name} is not in {SPECS} (FORFALD_SPECS names that folder)")
    return path


@dataclass(frozen=True)
class Description:
    """`read` gives the description as served at `at`; `concerns` says whether a path is of it."""

    at: str
    read: Callable[[], OpenAPI]
    concerns: Callable[[str], bool]


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as they went over the wire."""

    scope: Scope
    asked: bytes
    start: Message
    told: bytes

    def complaints(self, description: Description) -> Iterator[str]:
        spec, status = description.read(), self.start["status"]
        headers, answered = _decoded(self.scope["headers"]), _decoded(self.start["headers"])
        request = MockRequest(
            description.at,
            self.scope["method"].lower(),
            self.scope["path"],
            args=dict(parse_qsl(self.scope["query_string"].decode())),
            headers=headers,
            data=self.asked or None,
            content_type=headers.get("content-type", ""),
        )
        content_type = answered.get("content-type", "application/json")
        response = MockResponse(self.told, status, answered, content_type)
        checks = [partial(spec.validate_response, request, response)]
        if status < _CLIENT_ERROR:
            checks.append(partial(spec.validate_request, request))
        for check in checks:
            try:
                check()
            except OpenAPIError as error:
                line = f"{self.scope['method']} {self.scope['path']} {status}"
                why = getattr(error.__cause__, "schema_errors", error.__cause__)
                yield f"{line}: {error} {why or ''}"


@dataclass
class Judged:
    """An ASGI application whose requests and answers are kept, to be judged afterwards."""

    app: ASGIApp
    description: Description
    exchanges: list[Exchange] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.description.concerns(scope["path"]):
            await self.app(scope, receive, send)
            return
        asked, told = bytearray(), bytearray()
        start: Message = {}
        gone = False

        async def receiving() -> Message:
            nonlocal gone
            message = await receive()
            gone = gone or message["type"] == "http.disconnect"
            asked.extend(message.get("body", b""))
            return message

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            told.extend(message.get("body", b""))
            whole = message["type"] == "http.response.body" and not message.get("more_body")
            # An answer to somebody who has hung up is seen by nobody.
            if whole and not gone:
                self.exchanges.append(Exchange(scope, bytes(asked), start, bytes(told)))
            await send(message)

        await self.app(scope, receiving, sending)

    def complaints(self) -> list[str]:
        """Where a request that was taken, or any answer, departs from the description.

        Skips the judgement, after the test itself has run, where the description is absent.
        """
        assert self.exchanges, "nothing went over the wire"
        return [
            complaint for each in self.exchanges for complaint in each.complaints(self.description)
        ]


def _decoded(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
