"""The pages and the HTTP interface of payments, and the people of Anna's office who sign in to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from services.payments import queries
from shared.contracts.tenants import UserInvited
from shared.postgres import Server
from shared.testing.visiting import JWKS, Visitor, app_of, assertion_of, browser, hidden, program
from shared.web.identity import Grant, Identity
from tests.payments.office_of_anna import Office, office_on


@dataclass
class Sessions:
    """Everybody's session is their id. Roles are what payments was last told."""

    office: Office
    names: Mapping[UUID, str]
    languages: dict[UUID, str] = field(default_factory=dict)

    def assertion(self, cookie: str) -> str | None:
        return self.of(UUID(cookie))

    def of(self, user_id: UUID) -> str:
        return assertion_of(self._identity(user_id), "payments")

    def _identity(self, user_id: UUID) -> Identity:
        tenant = self.office.tenant
        roles: frozenset[str] = self.office.do(
            lambda work: queries.roles_of(work.sql, tenant, user_id)
        )
        grants = (Grant(tenant, roles, "Fjordvig Byg ApS"),) if roles else ()
        language = self.languages.get(user_id, "en")
        return Identity(user_id, self.names.get(user_id, "Somebody"), language, grants)


@dataclass
class Site:
    office: Office
    app: FastAPI
    sessions: Sessions

    @property
    def home(self) -> str:
        return f"/payments/{self.office.tenant}/payables"

    def browser(self, user_id: UUID | None) -> Visitor:
        """With this person's session, or none."""
        return browser(self.app, None if user_id is None else str(user_id))

    def program(self, user_id: UUID) -> Visitor:
        """What speaks JSON on this person's behalf."""
        return program(self.app, self.sessions.of(user_id))

    def read(self, user_id: UUID, path: str = "") -> str:
        """A page under the list of payables, as text: spaces that do not break are spaces."""
        answer = self.browser(user_id).get(f"{self.home}{path}")
        assert answer.status_code == 200, answer.text
        return answer.text.replace("\N{NO-BREAK SPACE}", " ")

    def send(self, user_id: UUID, path: str, **form: Any) -> httpx.Response:
        """A form of the list of payables, sent from the page that this person has open."""
        browser = self.browser(user_id)
        token = hidden(browser.get(self.home).text, "form_token")
        return browser.post(f"{self.home}{path}", data={"form_token": token, **form})

    def person(self, role: str) -> UUID:
        """Somebody else with this role at the client."""
        somebody = uuid4()
        self.office.say(self.office.role(somebody, role))
        self.office.world.settle()
        return somebody


@contextmanager
def site_in(server: Server, **opening: Any) -> Iterator[Site]:
    with office_on(server, settings={"assertion_keys": JWKS}, **opening) as office:
        names = {office.anna: "Anna Holm", office.bo: "Bo Fjordvig", office.carla: "Carla Fjordvig"}
        office.say(*(_invited(office, user_id, name) for user_id, name in names.items()))
        office.world.settle()
        sessions = Sessions(office, names)
        app = app_of(office.world.runtimes["payments"], sessions)
        yield Site(office, app, sessions)


def _invited(office: Office, user_id: UUID, name: str) -> UserInvited:
    vault = office.world.vault
    return UserInvited(
        user_id=user_id,
        client_id=office.tenant,
        name=vault.seal(office.tenant, user_id, name),
        email=vault.seal(office.tenant, user_id, "somebody@example.test"),
        language="en",
    )
