"""The pages and the HTTP interface of collections, and the people who sign in to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from shared.postgres import Server
from shared.testing.visiting import JWKS, Visitor, app_of, assertion_of, browser, hidden, program
from shared.web.identity import Grant, Identity
from tests.collections.office_of_dora import Office, office_on


@dataclass
class Sessions:
    """Everybody's session is their id."""

    tenant: UUID
    roles: dict[UUID, frozenset[str]] = field(default_factory=dict)
    languages: dict[UUID, str] = field(default_factory=dict)

    def assertion(self, cookie: str) -> str | None:
        return self.of(UUID(cookie))

    def of(self, user_id: UUID) -> str:
        roles = self.roles.get(user_id, frozenset())
        grants = (Grant(self.tenant, roles, "Dora ApS"),) if roles else ()
        language = self.languages.get(user_id, "en")
        return assertion_of(Identity(user_id, "Dora", language, grants), "collections")


@dataclass
class Site:
    office: Office
    app: FastAPI
    sessions: Sessions

    @property
    def home(self) -> str:
        return f"/collections/{self.office.tenant}/cases"

    @property
    def api(self) -> str:
        return f"/collections/v1/tenants/{self.office.tenant}"

    def person(self, *roles: str, language: str = "en") -> UUID:
        somebody = uuid4()
        self.sessions.roles[somebody] = frozenset(roles)
        self.sessions.languages[somebody] = language
        return somebody

    def browser(self, user_id: UUID | None) -> Visitor:
        return browser(self.app, None if user_id is None else str(user_id))

    def program(self, user_id: UUID) -> Visitor:
        return program(self.app, self.sessions.of(user_id))

    def read(self, user_id: UUID, path: str) -> str:
        """A page as text: spaces that do not break are spaces."""
        answer = self.browser(user_id).get(path)
        assert answer.status_code == 200, answer.text
        return answer.text.replace("\N{NO-BREAK SPACE}", " ").replace(
            "\N{NARROW NO-BREAK SPACE}", " "
        )

    def send(self, user_id: UUID, page: str, path: str, **form: Any) -> httpx.Response:
        """A form of a page that this person has open."""
        browser = self.browser(user_id)
        token = hidden(browser.get(page).text, "form_token")
        return browser.post(path, data={"form_token": token, **form})


@contextmanager
def site_in(server: Server, **opening: Any) -> Iterator[Site]:
    with office_on(server, settings={"assertion_keys": JWKS}, **opening) as office:
        sessions = Sessions(office.tenant, {office.dora: frozenset({"administrator"})})
        app = app_of(office.world.runtimes["collections"], sessions)
        yield Site(office, app, sessions)
