"""People and programs in front of a service's web side, known to it by a key made for the run.

with World(server, [payments], start, {"assertion_keys": JWKS}) as world:
    app = app_of(world.runtimes["payments"], sessions)
    page = signed_in(app, "a session").get("/payables")
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from fastapi import FastAPI
from joserfc.jwk import OKPKey

from shared.clock import WallClock
from shared.runtime import Runtime
from shared.testing.site import BASE, Site
from shared.web.doorkeeper import SESSION_COOKIE, Doorkeeper, Sessions
from shared.web.doors import verifying_keys
from shared.web.identity import Identity, SigningKey, sign

KEY: Final = SigningKey("test", OKPKey.generate_key("Ed25519", {"kid": "test"}))
JWKS: Final = json.dumps({"keys": [KEY.key.as_dict(private=False)]})


def assertion_of(identity: Identity, audience: str) -> str:
    """What the tenants service would sign a moment ago for the service `audience`."""
    return sign(identity, KEY, audience=audience, now=WallClock().now())


def app_of(runtime: Runtime, sessions: Sessions) -> FastAPI:
    """The service's web side, to which the sessions are those of the test."""
    assert runtime.service.web is not None, f"{runtime.service.name} has no web side"
    app = runtime.service.web(runtime)
    app.state.doorkeeper = Doorkeeper(
        audience=runtime.service.name,
        keys=verifying_keys(JWKS),
        sessions=sessions,
        clock=WallClock(),
    )
    return app


@dataclass
class Visitor:
    """Keeps cookies and follows where it is sent, as far as this site goes."""

    site: Site
    headers: dict[str, str]
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def get(self, path: str) -> httpx.Response:
        return self.request("GET", path)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx.Response:
        return self.request("PUT", path, **options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        own = options.pop("headers", {})
        request = httpx.Request(method, BASE + path)
        self.cookies.set_cookie_header(request)
        sent = {**self.headers, **own, "cookie": request.headers.get("cookie", "")}
        answer = self.site.request(method, path, headers=sent, **options)
        self.cookies.extract_cookies(answer)
        target = answer.headers.get("location", "/sign-in")
        if target.startswith("/sign-in"):
            return answer
        return self.get(target.partition("#")[0])


def browser(app: FastAPI, session: str | None) -> Visitor:
    """A person with this session, or with none."""
    visitor = Visitor(Site(app), {"sec-fetch-site": "same-origin", "accept": "text/html"})
    if session is not None:
        visitor.cookies.set(SESSION_COOKIE, session)
    return visitor


def program(app: FastAPI, assertion: str) -> Visitor:
    """What speaks JSON on somebody's behalf."""
    return Visitor(Site(app), {"authorization": f"Bearer {assertion}"})


def hidden(page: str, name: str) -> str:
    """What the first hidden field of this name on a page would send."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]
