"""The one wiring place of collections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.collections.acts.transferring import Transferrer
from services.collections.api import api_of, hooks_of
from services.collections.desk import Desk
from services.collections.effects import AskAgreement, Door, LookAtCase, SubmitCase, TellAgency
from services.collections.events import EVENTS
from services.collections.gateways.agencies import Agencies, Offer
from services.collections.gateways.agency import CollectionAgency
from services.collections.gateways.debitura import DebituraAgency
from services.collections.gateways.opening import Opener
from services.collections.pages.agency import agency_of
from services.collections.pages.case import case_of
from services.collections.pages.cases import cases_of
from services.collections.pages.fragments import fragments_of, pipeline_of
from services.collections.projections import FOLLOWED, INLINE
from services.collections.publications import publications
from services.collections.reactions import reactions
from services.collections.schedules import jobs
from services.collections.subscriptions import subscriptions
from services.collections.tables import read
from shared.eventstore.mapper import EventMapper
from shared.http import Limits, Transport
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.web.app import web_app
from shared.web.doors import doorkeeper
from shared.web.operations import operations_of
from shared.work import Rules

_DEBITURA: Final = "https://customer-api.debitura.com"
_PORTAL: Final = "https://app.debitura.com"
_TEMPLATES: Final = Path(__file__).parent / "pages" / "templates"
_COVERED: Final = frozenset({"DK", "SE", "NO", "FI"})
Build = Callable[[Surroundings], Service]


def build(surroundings: Surroundings) -> Service:
    """Collections with the agencies that its settings name."""
    return build_with(agencies_of(surroundings))(surroundings)


def build_with(agencies: Agencies) -> Build:
    """Collections with agencies that are given."""

    def build_(surroundings: Surroundings) -> Service:
        opener = Opener(surroundings.opened())
        transferrer = Transferrer(agencies, opener)
        database = surroundings.database_of("collections")
        door = Door(agencies, opener, database)

        def web(runtime: Runtime) -> FastAPI:
            desk = Desk(runtime, opener, agencies, transferrer)
            app = web_app(
                "collections",
                doorkeeper=doorkeeper(runtime.surroundings, "collections"),
                business_clock=runtime.clock,
                api=[api_of(desk), hooks_of(desk)],
                pages=[
                    operations_of(runtime, own=pipeline_of(runtime)),
                    fragments_of(runtime),
                    cases_of(desk),
                    case_of(desk),
                    agency_of(desk),
                ],
                templates=[_TEMPLATES],
            )
            app.state.demo = runtime.surroundings.settings.is_on("demo")
            return app

        return Service(
            name="collections",
            rules=Rules(EventMapper(EVENTS), publications, reactions, INLINE),
            subscriptions=subscriptions,
            read=read,
            followed=FOLLOWED,
            performers=(SubmitCase(door), LookAtCase(door), TellAgency(door), AskAgreement(door)),
            jobs=jobs(transferrer),
            web=web,
            database=database,
        )

    return build_


def agencies_of(surroundings: Surroundings) -> Agencies:
    """The agencies that a creditor can choose from: Debitura, or what stands in for it.

    Settings: `debitura_url` and `debitura_portal_url` where a simulator stands in; `debitura_timeout`
    in seconds; `debitura_test` (on or off) makes every case a test case of Debitura's.
    """
    settings = surroundings.settings
    url = settings.url("debitura_url") if "debitura_url" in settings else _DEBITURA
    portal = settings.url("debitura_portal_url") if "debitura_portal_url" in settings else _PORTAL
    limits = Limits(read=settings.seconds("debitura_timeout", Limits().read))
    transport = Transport(url, limits=limits)
    is_test = settings.is_on("debitura_test")

    def debitura(key: str, email: str) -> CollectionAgency:
        return DebituraAgency(transport, key, email, portal, is_test=is_test)

    return Agencies((Offer("debitura", "Debitura", _COVERED, debitura),))
