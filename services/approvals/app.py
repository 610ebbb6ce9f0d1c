"""The one wiring place of approvals."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI

from services.approvals.acts.asking import Asking
from services.approvals.api import api_of
from services.approvals.desk import Desk
from services.approvals.events import ApprovalsEvent
from services.approvals.gateways.signing import Signer
from services.approvals.pages import TEMPLATES
from services.approvals.pages.fragments import fragments_of
from services.approvals.pages.inbox import inbox_of
from services.approvals.pages.links import links_of
from services.approvals.pages.rules import rules_of
from services.approvals.projections import FOLLOWED, INLINE
from services.approvals.publications import publications
from services.approvals.reactions import reactions
from services.approvals.registers.links import Links
from services.approvals.schedules import jobs_of
from services.approvals.subscriptions import subscriptions_of
from services.approvals.tables import read
from shared.clock import Clock, WallClock
from shared.eventstore.mapper import EventMapper
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.web.app import web_app
from shared.web.doors import doorkeeper
from shared.web.operations import operations_of
from shared.work import Rules

_EXPIRES_AFTER_DAYS = 14
_OUR_KEY = "the 32 bytes of an Ed25519 private key in base64"


def build(surroundings: Surroundings, wall: Clock | None = None) -> Service:
    """`wall` is the clock that mailed links live by: the machine's, unless a test says otherwise."""
    settings = surroundings.settings
    days = settings.whole("approvals_expire_after_days", _EXPIRES_AFTER_DAYS)
    signer = settings.read("approvals_private_key", Signer.read, _OUR_KEY)
    links = Links(surroundings.opened(), wall or WallClock())
    asking = Asking(signer, links, expires_after=timedelta(days=days))

    def web(runtime: Runtime) -> FastAPI:
        desk = Desk(runtime, signer, links)
        app = web_app(
            "approvals",
            doorkeeper=doorkeeper(runtime.surroundings, "approvals"),
            business_clock=runtime.clock,
            api=[api_of(desk)],
            pages=[
                operations_of(runtime),
                fragments_of(desk),
                links_of(desk),
                rules_of(desk),
                inbox_of(desk),
            ],
            templates=[TEMPLATES],
        )
        app.state.demo = runtime.surroundings.settings.is_on("demo")
        return app

    return Service(
        name="approvals",
        rules=Rules(EventMapper(ApprovalsEvent), publications, reactions, INLINE),
        subscriptions=subscriptions_of(asking),
        read=read,
        followed=FOLLOWED,
        jobs=jobs_of(asking),
        migrations=Path(__file__).parent / "migrations",
        web=web,
    )
