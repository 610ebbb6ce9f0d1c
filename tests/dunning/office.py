"""A creditor's office: a house with a site in front, and the people who have signed in to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from services.dunning.app import build
from shared.postgres import Server
from shared.testing.stand_in import stand_in
from shared.testing.visiting import JWKS, Visitor, app_of, assertion_of, browser, program
from shared.testing.world import World
from shared.web.identity import Grant, Identity
from tests.dunning.house import ANNA, START, House

OTHERS = ("tenants", "sync", "notifications", "collections")


@dataclass
class Office:
    """Anna is bookkeeper of every creditor that has moved in; nobody else is anybody here."""

    house: House
    app: FastAPI = field(init=False)
    tenants: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = app_of(self.house.world.runtimes["dunning"], self)

    def assertion(self, cookie: str) -> str | None:
        return assertion_of(self.identity(UUID(cookie.partition(".")[0])), "dunning")

    def identity(self, user_id: UUID) -> Identity:
        roles = frozenset({"bookkeeper"}) if user_id == ANNA else frozenset({"approver"})
        grants = tuple(Grant(tenant, roles, "Fjordvig Byg ApS") for tenant in self.tenants)
        return Identity(user_id, "Anna", "en", grants)

    def browser(self, user_id: UUID | None = ANNA) -> Visitor:
        """Signed in anew, so that the companies that have moved in meanwhile are known."""
        return browser(self.app, None if user_id is None else f"{user_id}.{len(self.tenants)}")

    def program(self, user_id: UUID = ANNA) -> Visitor:
        return program(self.app, assertion_of(self.identity(user_id), "dunning"))

    def get(self, tenant: UUID, path: str) -> Any:
        answer = self.program().get(f"/dunning/v1/tenants/{tenant}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put(self, tenant: UUID, path: str, body: object) -> httpx.Response:
        return self.program().put(f"/dunning/v1/tenants/{tenant}{path}", json=body)


@contextmanager
def office(server: Server) -> Iterator[Office]:
    others = [stand_in(name) for name in OTHERS]
    settings = {"assertion_keys": JWKS}
    with World(server, [build, *others], START, settings) as world:
        yield Office(House(world))
