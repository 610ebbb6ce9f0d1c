"""Debitura's own description of its interface, as a judge between an agency and its callers."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.simulators.berlin_group_spec import decoded

SPECS = Path(
    os.environ.get("FORFALD_SPECS", Path(__file__).parents[3] / "shared" / "samples" / "specs")
)
FILE = SPECS / "debitura-customer-api.json"
_BACK_DOOR = "/control/"
_CLIENT_ERROR = 400


@cache
def description() -> OpenAPI:
    """The description as it is, served at an address of our own."""
    if not FILE.exists():
        pytest.skip(f"Debitura's description is not at {FILE} (FORFALD_SPECS names its folder)")
    loaded: dict[str, Any] = json.loads(FILE.read_bytes())
    loaded["servers"] = [{"url": "http://agency"}]
    # The vendor's own client writes its JSON under the name of JSON Patch.
    also: dict[str, Callable[[bytes], Any]] = {"application/json-patch+json": json.loads}
    return OpenAPI.from_dict(loaded, Config(extra_media_type_deserializers=also))


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as they went over the wire."""

    scope: Scope
    asked: bytes
    start: Message
    told: bytes

    def complaints(self) -> Iterator[str]:
        spec, status = description(), self.start["status"]
        headers, answered = decoded(self.scope["headers"]), decoded(self.start["headers"])
        request = MockRequest(
            "http://agency",
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
    exchanges: list[Exchange] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_BACK_DOOR):
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
        """Where a request that was taken, or any answer, departs from Debitura's description.

        Skips the judgement, after the test itself has run, where the description is absent.
        """
        assert self.exchanges, "nothing went over the wire"
        return [complaint for each in self.exchanges for complaint in each.complaints()]
