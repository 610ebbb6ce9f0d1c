"""The one wiring place of sync."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.sync.api import (
    DOCUMENT_LIMIT,
    connection_api,
    copies_api,
    documents_api,
    invoices_api,
    postings_api,
)
from services.sync.desk import Desk
from services.sync.effects.checking import CheckOpenItems
from services.sync.effects.copies import FetchDocument
from services.sync.effects.door import Door
from services.sync.effects.posting import BookOnce, PostOnce
from services.sync.effects.reading import ReadLedger
from services.sync.events import SyncEvent
from services.sync.gateways.ledgers import EconomicApp, Ledgers
from services.sync.gateways.transport import Hosts
from services.sync.internal import internal_of
from services.sync.pages.connection import connection_of
from services.sync.pages.copies import copies_of
from services.sync.pages.document import document_of
from services.sync.pages.fragments import agreement_of, fragments_of, ledgers_of
from services.sync.pages.inbox import inbox_of
from services.sync.projections import FOLLOWED, INLINE
from services.sync.publications import publications
from services.sync.reactions import reactions
from services.sync.schedules import JOBS
from services.sync.subscriptions import subscriptions
from services.sync.tables import read
from shared.clock import Clock, WallClock
from shared.eventstore.mapper import EventMapper
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.web.app import web_app
from shared.web.doors import doorkeeper
from shared.web.mesh import mesh_of
from shared.web.operations import operations_of
from shared.work import Rules

_PAGE: Final = 500
_PATIENCE_S: Final = 30
_TEMPLATES: Final = Path(__file__).parent / "pages" / "templates"


def build(surroundings: Surroundings, wall: Clock | None = None) -> Service:
    """`wall` measures how long a vendor wants to be left alone: the machine's, save in a test.

    Settings: `economic_secret`; `economic_url` where a simulator stands in for the vendor;
    `economic_timeout` in seconds; `sync_page`, how many entries are read and recorded at a time.
    """
    vault = surroundings.opened()
    opener = Ledgers(vault, wall or WallClock(), _economic(surroundings))
    database = surroundings.database_of("sync")
    way = Door(opener.open, database, vault)
    page = surroundings.settings.whole("sync_page", _PAGE)

    def web(runtime: Runtime) -> FastAPI:
        desk = Desk(runtime, vault)
        app = web_app(
            "sync",
            doorkeeper=doorkeeper(runtime.surroundings, "sync"),
            business_clock=runtime.clock,
            api=[
                documents_api(desk),
                connection_api(desk),
                postings_api(desk),
                copies_api(desk),
                invoices_api(desk),
            ],
            pages=[
                operations_of(runtime, ledgers_of(desk), agreement_of(desk)),
                fragments_of(desk),
                inbox_of(desk),
                document_of(desk),
                connection_of(desk),
                copies_of(desk),
            ],
            templates=[_TEMPLATES],
            body_limits={"/sync/": DOCUMENT_LIMIT},
        )
        mesh = mesh_of(runtime.surroundings.settings)
        app.include_router(internal_of(desk, mesh), include_in_schema=False)
        app.state.demo = runtime.surroundings.settings.is_on("demo")
        return app

    return Service(
        name="sync",
        rules=Rules(EventMapper(SyncEvent), publications, reactions, INLINE),
        subscriptions=subscriptions,
        read=read,
        followed=FOLLOWED,
        performers=[
            ReadLedger(way, page),
            CheckOpenItems(way),
            FetchDocument(way),
            PostOnce(way),
            BookOnce(way),
        ],
        jobs=JOBS,
        migrations=Path(__file__).parent / "migrations",
        web=web,
        database=database,
    )


def _economic(surroundings: Surroundings) -> EconomicApp:
    settings = surroundings.settings
    url = settings.url("economic_url") if "economic_url" in settings else ""
    hosts = Hosts(url, url) if url else Hosts()
    seconds = settings.seconds("economic_timeout", _PATIENCE_S)
    return EconomicApp(settings["economic_secret"], hosts, seconds)
