"""The pages and the HTTP interface of the reports over a ledger, and the people who sign in to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

import services.dunning
from services.dunning.api.reports import reports_api
from services.dunning.desk import Desk
from services.dunning.events import EVENTS
from services.dunning.events.report import ReportFrozen
from services.dunning.pages.reports import reports_of
from services.dunning.projections.facts import FACTS
from services.dunning.publications import after_report_frozen
from services.dunning.registers.portal_links import PortalLinks
from services.dunning.tables import read
from shared.after import After
from shared.clock import WallClock
from shared.eventstore.mapper import EventMapper
from shared.postgres import Server
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.stream.outbox import Telling
from shared.stream.subscriptions import Subscriptions
from shared.testing.visiting import JWKS, Visitor, app_of, assertion_of, browser, hidden, program
from shared.testing.world import World
from shared.web.app import web_app
from shared.web.doors import doorkeeper
from shared.web.identity import Grant, Identity
from shared.work import Rules
from tests.dunning.ledger_of_five import BEGINNING, TENANT, Ledger

HOME = Path(services.dunning.__file__ or "").parent


def with_reports(surroundings: Surroundings) -> Service:
    """Dunning's log, facts and reports, told from outside and shown to people."""

    def web(runtime: Runtime) -> FastAPI:
        desk = Desk(runtime, surroundings.opened(), PortalLinks(surroundings.opened(), WallClock()))
        return web_app(
            "dunning",
            doorkeeper=doorkeeper(surroundings, "dunning"),
            business_clock=runtime.clock,
            api=[reports_api(desk)],
            pages=[reports_of(desk)],
            templates=[HOME / "pages" / "templates"],
        )

    return Service(
        name="dunning",
        # What is told here has no deciders behind it, so of its events only a pack's is published.
        rules=Rules(EventMapper(EVENTS), _only_packs()),
        subscriptions=Subscriptions("dunning"),
        read=read,
        followed=FACTS,
        migrations=HOME / "migrations",
        web=web,
    )


def _only_packs() -> After[Telling]:
    told: After[Telling] = After()
    told.after(ReportFrozen)(after_report_frozen)
    return told


@dataclass
class Sessions:
    """Everybody's session is their id."""

    roles: dict[UUID, frozenset[str]] = field(default_factory=dict)
    languages: dict[UUID, str] = field(default_factory=dict)

    def assertion(self, cookie: str) -> str | None:
        return self.of(UUID(cookie))

    def of(self, user_id: UUID) -> str:
        roles = self.roles.get(user_id, frozenset())
        grants = (Grant(TENANT, roles, "Fjordvig Byg ApS"),) if roles else ()
        language = self.languages.get(user_id, "en")
        return assertion_of(Identity(user_id, "Mette Kjær", language, grants), "dunning")


@dataclass
class ReportSite:
    ledger: Ledger
    app: FastAPI
    sessions: Sessions
    mette: UUID

    @property
    def home(self) -> str:
        return f"/dunning/{TENANT}/reports"

    @property
    def api(self) -> str:
        return f"/dunning/v1/tenants/{TENANT}/reports"

    def person(self, role: str, language: str = "en") -> UUID:
        somebody = uuid4()
        self.sessions.roles[somebody] = frozenset({role})
        self.sessions.languages[somebody] = language
        return somebody

    def browser(self, user_id: UUID | None = None) -> Visitor:
        return browser(self.app, str(user_id or self.mette))

    def program(self, user_id: UUID | None = None) -> Visitor:
        return program(self.app, self.sessions.of(user_id or self.mette))

    def read(self, path: str = "") -> str:
        """A page as text: spaces that do not break are spaces."""
        answer = self.browser().get(self.home + path)
        assert answer.status_code == 200, answer.text
        return answer.text.replace("\N{NO-BREAK SPACE}", " ")

    def get(self, path: str = "") -> httpx.Response:
        return self.program().get(self.api + path)

    def send(self, path: str, **form: str) -> httpx.Response:
        visitor = self.browser()
        token = hidden(visitor.get(f"{self.home}/packs").text, "form_token")
        return visitor.post(self.home + path, data={"form_token": token, **form})


@contextmanager
def site_in(server: Server) -> Iterator[ReportSite]:
    with World(server, [with_reports], BEGINNING, {"assertion_keys": JWKS}) as world:
        sessions, mette = Sessions(), uuid4()
        sessions.roles[mette] = frozenset({"bookkeeper"})
        app = app_of(world.runtimes["dunning"], sessions)
        yield ReportSite(Ledger(world), app, sessions, mette)
