"""The one wiring place of dunning."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.dunning.api.debtors import debtors_api
from services.dunning.api.quotes import quotes_api
from services.dunning.api.receivables import receivables_api
from services.dunning.api.reminders import reminders_api
from services.dunning.api.reports import reports_api
from services.dunning.api.settings import settings_api
from services.dunning.api.trials import trials_api
from services.dunning.desk import Desk, Kept
from services.dunning.effects import FreezePack
from services.dunning.events import EVENTS
from services.dunning.pages.acts import acts_of
from services.dunning.pages.changing import changing_of
from services.dunning.pages.debtor import debtor_acts_of, debtor_of
from services.dunning.pages.debtors import debtors_of
from services.dunning.pages.fragments import fragments_of
from services.dunning.pages.portal import portal_of
from services.dunning.pages.receivable import receivable_of
from services.dunning.pages.reminders import reminders_of
from services.dunning.pages.reports import reports_of
from services.dunning.pages.settings import settings_of
from services.dunning.pages.trials import trials_of
from services.dunning.pages.why_not import why_not_of
from services.dunning.projections import FOLLOWED, INLINE
from services.dunning.publications import publications
from services.dunning.reactions import reactions
from services.dunning.registers.portal_links import PortalLinks
from services.dunning.schedules import jobs_of
from services.dunning.subscriptions import subscriptions_of
from services.dunning.tables import read
from shared.clock import Clock, WallClock
from shared.copies import WHILE_SOMEBODY_WAITS, invoice_copies, letters_sent
from shared.eventstore.mapper import EventMapper
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.web.app import web_app
from shared.web.doors import doorkeeper
from shared.web.operations import operations_of
from shared.work import Rules

_HERE: Final = Path(__file__).parent


def build(surroundings: Surroundings, wall: Clock | None = None) -> Service:
    """Dunning opens names where people look, and for nothing else. Settings, both optional: `sync_url`
    and `notifications_url`, where debtors' copies of invoices and letters are fetched.

    `wall` is the clock that the links in letters live by: the machine's, unless a test says otherwise.
    """
    vault = surroundings.opened()
    portal = PortalLinks(vault, wall or WallClock())
    database = surroundings.database_of("dunning")

    def web(runtime: Runtime) -> FastAPI:
        settings, limits = runtime.surroundings.settings, WHILE_SOMEBODY_WAITS
        kept = Kept(invoice_copies(settings, limits), letters_sent(settings, limits))
        desk = Desk(runtime, vault, portal, kept)
        app = web_app(
            "dunning",
            doorkeeper=doorkeeper(runtime.surroundings, "dunning"),
            business_clock=runtime.clock,
            api=[
                quotes_api(),
                settings_api(desk),
                trials_api(desk),
                reports_api(desk),
                reminders_api(desk),
                receivables_api(desk),
                debtors_api(desk),
            ],
            pages=[
                operations_of(runtime),
                fragments_of(runtime),
                portal_of(desk),
                reminders_of(desk),
                changing_of(desk),
                why_not_of(desk),
                receivable_of(desk),
                acts_of(desk),
                debtors_of(desk),
                debtor_of(desk),
                debtor_acts_of(desk),
                trials_of(desk),
                settings_of(desk),
                reports_of(desk),
            ],
            templates=[_HERE / "pages" / "templates"],
        )
        app.state.demo = settings.is_on("demo")
        return app

    return Service(
        name="dunning",
        rules=Rules(EventMapper(EVENTS), publications, reactions, INLINE),
        subscriptions=subscriptions_of(portal),
        read=read,
        followed=FOLLOWED,
        performers=(FreezePack(database),),
        jobs=jobs_of(portal),
        migrations=_HERE / "migrations",
        web=web,
        database=database,
    )
