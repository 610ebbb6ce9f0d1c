"""One port for all pages: passes each path on to the service that owns it, as an ingress would."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

# Headers that belong to one connection and not to what is passed on (RFC 9110 §7.6.1).
_HOP: Final = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade",
}  # fmt: skip
_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_INTERNAL: Final = "/internal/"


def ingress(routes: Mapping[str, str], default: str) -> Starlette:
    """`routes`: base address by first path segment; everything else goes to `default`."""
    client = httpx.AsyncClient(timeout=30, follow_redirects=False, trust_env=False)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await client.aclose()

    async def pass_on(request: Request) -> Response:
        if _INTERNAL in request.url.path:
            return PlainTextResponse("not found", 404)  # what services say among themselves
        base = routes.get(request.url.path.split("/")[1], default)
        headers = [
            (name, value) for name, value in request.headers.raw if name.decode() not in _HOP
        ]
        outgoing = client.build_request(
            request.method,
            base + request.url.path,
            params=request.url.query,
            headers=headers,
            content=await request.body(),
        )
        try:
            answer = await client.send(outgoing, stream=True)
        except httpx.TransportError:
            return PlainTextResponse(
                "This part is just coming back. Try again in a moment.\n",
                503,
                headers={"Retry-After": "1"},
            )
        passed = StreamingResponse(answer.aiter_raw(), answer.status_code)
        passed.raw_headers = [
            (name, value) for name, value in answer.headers.raw if name.lower().decode() not in _HOP
        ]
        passed.background = None
        return passed

    return Starlette(routes=[Route("/{path:path}", pass_on, methods=_METHODS)], lifespan=lifespan)
