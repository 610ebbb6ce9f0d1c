"""Headers that tell a browser what a page of ours may do: nothing that it does not do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; manifest-src 'self'"
)
_REFERRER: Final = "Referrer-Policy"
_STRICTER: Final = "no-referrer"
"""What a page whose address is itself a secret asks for; nothing looser is taken from a page."""
_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    _REFERRER: "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_TWO_YEARS: Final = 63_072_000  # seconds


@dataclass(frozen=True, slots=True)
class SecurityHeaders:
    """Sets them on every answer. Nothing is kept by a cache unless the answer itself says so.

    `https` adds HSTS; it is off where the site is served in clear, as in a demonstration.
    """

    app: ASGIApp
    https: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    if name == _REFERRER and headers.get(name) == _STRICTER:
                        continue
                    headers[name] = value
                if self.https:
                    headers["Strict-Transport-Security"] = (
                        f"max-age={_TWO_YEARS}; includeSubDomains"
                    )
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)
