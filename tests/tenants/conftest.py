"""One world with the tenants service in it, its cast where it is asked for, and its web side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from services.tenants.acts import demo
from services.tenants.app import build, web
from shared.clock import WallClock
from shared.postgres import Server
from shared.runtime import Runtime
from shared.service import Surroundings
from shared.settings import Settings
from shared.testing.site import Site
from shared.testing.visiting import JWKS, KEY, assertion_of
from shared.testing.world import World
from shared.web.csrf import form_token
from shared.web.doorkeeper import SESSION_COOKIE
from shared.web.doors import verifying_keys
from shared.web.identity import Identity, verify

START = datetime(2026, 3, 2, 7, tzinfo=UTC)
SETTINGS = {
    "assertion_private_key": json.dumps(KEY.key.as_dict(private=True)),
    "assertion_keys": JWKS,
    "demo": "on",
    "registration_secret": "only in tests",
}


@pytest.fixture(scope="module")
def world(postgres_server: Server) -> Iterator[World]:
    """For tests that leave the cast as it was."""
    with World(postgres_server, [build], START, SETTINGS) as world:
        demo.seed(world.runtimes["tenants"])
        yield world


@pytest.fixture(scope="module")
def runtime(world: World) -> Runtime:
    return world.runtimes["tenants"]


@pytest.fixture
def own_world(postgres_server: Server) -> Iterator[World]:
    """For a test that changes what the cast may do."""
    with World(postgres_server, [build], START, SETTINGS) as world:
        demo.seed(world.runtimes["tenants"])
        yield world


def app_with(runtime: Runtime, **settings: str | None) -> FastAPI:
    """The web side under other settings; None takes one away."""
    changed = {**SETTINGS, **settings}
    kept = {name: value for name, value in changed.items() if value is not None}
    given = runtime.surroundings
    runtime.surroundings = Surroundings(given.address, given.clock, given.vault, Settings(kept))
    return web(runtime)


def bearer(identity: Identity, audience: str = "tenants") -> dict[str, str]:
    """As a service or a program would come: an assertion that was signed a moment ago."""
    return {"Authorization": f"Bearer {assertion_of(identity, audience)}"}


def opened(token: str, audience: str) -> Identity:
    keys = verifying_keys(JWKS)
    return verify(token, keys, audience=audience, now=WallClock().now()).identity


@dataclass
class Visitor:
    """Somebody with a browser: keeps the session, sends forms as our own pages do."""

    site: Site
    cookie: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    def _headers(self) -> dict[str, str]:
        cookie = {"Cookie": f"{SESSION_COOKIE}={self.cookie}"} if self.cookie else {}
        return {"Accept": "text/html", **cookie, **self.extra}

    def get(self, path: str) -> httpx.Response:
        return self.site.get(path, headers=self._headers())

    def send(self, path: str, **fields: Any) -> httpx.Response:
        token = {"form_token": form_token(self.cookie)} if self.cookie else {}
        headers = {**self._headers(), "Sec-Fetch-Site": "same-origin"}
        answer = self.site.post(path, data={**fields, **token}, headers=headers)
        if SESSION_COOKIE in answer.cookies:
            self.cookie = answer.cookies[SESSION_COOKIE]
        return answer

    def sign_in(self, user_id: UUID, target: str = "/") -> httpx.Response:
        return self.send("/sign-in", user_id=str(user_id), next=target)


@pytest.fixture(scope="module")
def site(runtime: Runtime) -> Site:
    return Site(app_with(runtime))


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return Visitor(site)
