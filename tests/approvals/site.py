"""The approvals site in a world, and browsers of people who have signed in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from joserfc.jwk import OKPKey

from shared.clock import WallClock
from shared.postgres import Server
from shared.testing.site import BASE
from shared.testing.site import Site as Requests
from shared.web.doorkeeper import SESSION_COOKIE, Doorkeeper
from shared.web.doors import verifying_keys
from shared.web.identity import Grant, Identity, SigningKey, sign
from tests.approvals.facts import ANNA, BERTIL, CARLA
from tests.approvals.outside import TENANT, Outside, outside

NAMES = {ANNA: "Anna", BERTIL: "Bertil", CARLA: "Carla"}
KEY = SigningKey("test", OKPKey.generate_key("Ed25519", {"kid": "test"}))
JWKS = json.dumps({"keys": [KEY.key.as_dict(private=False)]})


@dataclass
class Sessions:
    """Everybody's session is their id. Roles are what approvals was last told."""

    office: Outside

    def assertion(self, cookie: str) -> str | None:
        return self.of(UUID(cookie))

    def of(self, user_id: UUID) -> str:
        return sign(self.identity(user_id), KEY, audience="approvals", now=WallClock().now())

    def identity(self, user_id: UUID) -> Identity:
        roles = self.office.roles(user_id) or frozenset({"bookkeeper"})
        grants = (Grant(TENANT, roles, "Fjordvig Byg ApS"),)
        return Identity(user_id, NAMES[user_id], "en", grants)


@dataclass
class Browser:
    """Keeps cookies and follows where it is sent, as far as this site goes."""

    site: Requests
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


@dataclass
class Site:
    office: Outside
    app: FastAPI
    sessions: Sessions

    def browser(self, user_id: UUID | None) -> Browser:
        """With this person's session, or none."""
        headers = {"sec-fetch-site": "same-origin", "accept": "text/html"}
        browser = Browser(Requests(self.app), headers)
        if user_id is not None:
            browser.cookies.set(SESSION_COOKIE, str(user_id))
        return browser

    def program(self, user_id: UUID) -> Browser:
        """What speaks JSON on this person's behalf."""
        bearer = f"Bearer {self.sessions.of(user_id)}"
        return Browser(Requests(self.app), {"authorization": bearer})


@contextmanager
def site_in(server: Server) -> Iterator[Site]:
    with outside(server, {"assertion_keys": JWKS}) as office:
        runtime = office.world.runtimes["approvals"]
        assert runtime.service.web is not None
        app = runtime.service.web(runtime)
        sessions = Sessions(office)
        app.state.doorkeeper = Doorkeeper(
            audience="approvals", keys=verifying_keys(JWKS), sessions=sessions, clock=WallClock()
        )
        yield Site(office, app, sessions)
