"""The Berlin Group's own description of its interface, as a judge between a bank and its callers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import yaml
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SPECS = Path(
    os.environ.get("FORFALD_SPECS", Path(__file__).parents[3] / "shared" / "samples" / "specs")
)
FILE = SPECS / "berlin-group-psd2-api-1.3.11.yaml"


@cache
def description() -> OpenAPI:
    """The description, relaxed where it is narrower than the standard it describes.

    `payment-product` lists the pan-European products only, while the standard leaves each bank to publish
    its own: a Danish bank's domestic transfers are added.
    """
    if not FILE.exists():
        pytest.skip(
            f"the Berlin Group's description is not at {FILE} (FORFALD_SPECS names its folder)"
        )
    loaded = yaml.load(FILE.read_bytes(), Loader=yaml.CSafeLoader)
    product = loaded["components"]["parameters"]["paymentProduct"]
    product["schema"]["enum"].append("domestic-credit-transfers")
    loaded["servers"] = [{"url": "http://bank"}]
    return OpenAPI.from_dict(loaded)


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
            "http://bank",
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
        if status < 400:
            checks.append(partial(spec.validate_request, request))
        for check in checks:
            try:
                check()
            except OpenAPIError as error:
                line = f"{self.scope['method']} {self.scope['path']} {status}"
                yield f"{line}: {error} {error.__cause__ or ''}"


class Judged:
    """An ASGI application whose requests and answers below /v1 are kept, to be judged afterwards."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.exchanges: list[Exchange] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
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
            await send(message)

        await self.app(scope, receiving, sending)
        # An answer to somebody who has hung up is seen by nobody.
        if not gone:
            self.exchanges.append(Exchange(scope, bytes(asked), start, bytes(told)))

    def complaints(self) -> list[str]:
        """Where a request that was taken, or any answer, departs from the Berlin Group's description.

        Skips the judgement, after the test itself has run, where the description is absent.
        """
        assert self.exchanges, "nothing went over the wire"
        return [complaint for each in self.exchanges for complaint in each.complaints()]


def decoded(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
