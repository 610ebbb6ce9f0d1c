"""The approvals site in a world, and the people who have signed in to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from fastapi import FastAPI

from shared.postgres import Server
from shared.testing.visiting import JWKS, Visitor, app_of, assertion_of, browser, program
from shared.web.identity import Grant, Identity
from tests.approvals.facts import ANNA, BERTIL, CARLA
from tests.approvals.outside import TENANT, Outside, outside

NAMES = {ANNA: "Anna", BERTIL: "Bertil", CARLA: "Carla"}


@dataclass
class Sessions:
    """Everybody's session is their id. Roles are what approvals was last told."""

    office: Outside

    def assertion(self, cookie: str) -> str | None:
        return self.of(UUID(cookie))

    def of(self, user_id: UUID) -> str:
        return assertion_of(self.identity(user_id), "approvals")

    def identity(self, user_id: UUID) -> Identity:
        roles = self.office.roles(user_id) or frozenset({"bookkeeper"})
        grants = (Grant(TENANT, roles, "Fjordvig Byg ApS"),)
        return Identity(user_id, NAMES[user_id], "en", grants)


@dataclass
class Site:
    office: Outside
    app: FastAPI
    sessions: Sessions

    def browser(self, user_id: UUID | None) -> Visitor:
        """With this person's session, or none."""
        return browser(self.app, None if user_id is None else str(user_id))

    def program(self, user_id: UUID) -> Visitor:
        """What speaks JSON on this person's behalf."""
        return program(self.app, self.sessions.of(user_id))


@contextmanager
def site_in(server: Server) -> Iterator[Site]:
    with outside(server, {"assertion_keys": JWKS}) as office:
        sessions = Sessions(office)
        app = app_of(office.world.runtimes["approvals"], sessions)
        yield Site(office, app, sessions)
