"""Requests to an app without a server: synchronous, in process, no socket."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import httpx
from starlette.types import ASGIApp

BASE: Final = "http://forfald.test"


class Site:
    """`Site(app).get("/desk", headers=...)`. Redirects are not followed, cookies not kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """As httpx takes it; an iterable `content` is sent in chunks, without its length."""
        return asyncio.run(self._request(method, path, options))

    async def _request(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.request(method, path, **options)
