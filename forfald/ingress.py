"""One port for all pages: passes each path on to the service that owns it, as an ingress would."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import unquote_to_bytes

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from shared.clock import WallClock, day_of
from shared.http import no_cookies, trusted
from shared.ui.environment import draw, environment
from shared.ui.language import negotiate, translator
from shared.ui.parts import Page
from shared.ui.reader import Reader
from shared.web.app import HOUSE_ZONE
from shared.web.problem import NOT_READY

# Headers that belong to one connection and not to what is passed on (RFC 9110 §7.6.1).
_HOP: Final = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade",
}  # fmt: skip
_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_INTERNAL: Final = b"/internal/"
_ENCODED_MAX: Final = 8
_AGAIN_S: Final = "1"


def ingress(routes: Mapping[str, str], default: str) -> Starlette:
    """`routes`: base address by first path segment; everything else goes to `default`.

    A path goes on just as it came, encoded or not.
    """
    client = httpx.AsyncClient(
        timeout=30, follow_redirects=False, trust_env=False, cookies=no_cookies(), verify=trusted()
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await client.aclose()

    async def pass_on(request: Request) -> Response:
        path: bytes = request.scope["raw_path"]
        if is_internal(path):
            return PlainTextResponse("not found", 404)
        base = httpx.URL(routes.get(request.scope["path"].split("/")[1], default))
        query: bytes = request.scope["query_string"]
        outgoing = client.build_request(
            request.method,
            base.copy_with(raw_path=path + (b"?" + query if query else b"")),
            headers=_passed_on(request.headers.raw),
            content=await request.body(),
        )
        try:
            answer = await client.send(outgoing, stream=True)
        except httpx.TransportError:
            return _coming_back(request)
        passed = StreamingResponse(answer.aiter_raw(), answer.status_code)
        passed.raw_headers = _passed_on(answer.headers.raw)
        passed.background = BackgroundTask(answer.aclose)
        return passed

    return Starlette(routes=[Route("/{path:path}", pass_on, methods=_METHODS)], lifespan=lifespan)


def _coming_back(request: Request) -> Response:
    """For whoever wanted to look at a page: one that tries again by itself. Else a plain answer."""
    headers = {"Retry-After": _AGAIN_S}
    if request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
        text = "This part is just coming back. Try again in a moment.\n"
        return PlainTextResponse(text, 503, headers)
    language = negotiate(None, request.headers.get("accept-language"))
    gettext = translator(language).gettext
    html = draw(
        environment(),
        "problem.html",
        Reader(language, HOUSE_ZONE, day_of(WallClock().now(), HOUSE_ZONE)),
        page=Page(gettext(NOT_READY.title)),
        detail=gettext(NOT_READY.meaning),
    )
    return HTMLResponse(html, 503, headers | {"Refresh": _AGAIN_S})


def is_internal(path: bytes) -> bool:
    """Whether it leads to what services say among themselves, however often it is encoded.

    Nobody knows how often whoever stands behind us decodes, so we do until nothing changes; a path
    that is encoded more often than any of ours is taken for one of those.
    """
    for _ in range(_ENCODED_MAX):
        if _INTERNAL in path.lower():
            return True
        decoded = unquote_to_bytes(path)
        if decoded == path:
            return False
        path = decoded
    return True


def _passed_on(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Without those of the connection, and without those that `Connection` names (§7.6.1)."""
    held = list(headers)
    named = {
        one.strip()
        for name, value in held
        if name.lower() == b"connection"
        for one in value.decode("latin-1").lower().split(",")
    }
    return [
        (name, value) for name, value in held if name.decode("latin-1").lower() not in _HOP | named
    ]
