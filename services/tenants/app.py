"""The wiring of the tenants service."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.tenants import api, internal, tables
from services.tenants.acts.administering import Administration
from services.tenants.acts.identifying import Identities, LiveDoorkeeper, signing_key
from services.tenants.desk import Desk
from services.tenants.events import TenantsEvent
from services.tenants.gateways.fragments import Fragments
from services.tenants.pages import front, letterhead, me, signing_in
from services.tenants.projections import INLINE
from services.tenants.publications import publications
from services.tenants.queries import Directory
from services.tenants.registers.sessions import SessionBook
from services.tenants.subscriptions import subscriptions
from shared.clock import WallClock
from shared.eventstore.mapper import EventMapper
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.web.app import web_app
from shared.web.doors import KEY_SET, verifying_keys
from shared.web.mesh import mesh_of
from shared.web.operations import operations_of
from shared.work import Rules

_HERE: Final = Path(__file__).parent
_OUR_KEY: Final = "a private key (JWK) whose public half is in FORFALD_ASSERTION_KEYS"
_COMPOSED: Final = frozenset(front.ON_TODAY + front.ON_OPERATIONS)


def build(_: Surroundings) -> Service:
    return Service(
        name="tenants",
        rules=Rules(EventMapper(TenantsEvent), publications, projections=INLINE),
        subscriptions=subscriptions,
        read=tables.read,
        migrations=_HERE / "migrations",
        web=web,
    )


def web(runtime: Runtime) -> FastAPI:
    """Settings: `assertion_private_key` (JWK), `assertion_keys` (JWKS), `{service}_url` of the
    services that show something on Today and Operations; optional `demo`, `mesh`,
    `registration_secret`, `public_url`.
    """
    surroundings, wall = runtime.surroundings, WallClock()
    settings, vault = surroundings.settings, surroundings.opened()
    published = settings["assertion_keys"]
    keys = settings.read("assertion_keys", verifying_keys, KEY_SET)
    directory, sessions = Directory(runtime.app, vault), SessionBook(runtime.app, wall)
    key = settings.read("assertion_private_key", partial(signing_key, verifying=keys), _OUR_KEY)
    identities = Identities(directory, sessions, key, wall)
    demo = settings.is_on("demo")
    https = settings.get("public_url").startswith("https://")
    app = web_app(
        "tenants",
        doorkeeper=LiveDoorkeeper(identities, keys, wall),
        business_clock=surroundings.clock,
        api=[api.router],
        pages=[
            operations_of(runtime),
            front.router,
            signing_in.router,
            me.router,
            letterhead.router,
        ],
        templates=[_HERE / "pages" / "templates"],
        https=https,
    )
    app.include_router(internal.router, include_in_schema=False)
    app.state.demo = demo
    app.state.desk = Desk(
        administration=Administration(runtime, vault, directory, sessions),
        directory=directory,
        sessions=sessions,
        identities=identities,
        fragments=Fragments(
            {
                service: settings.url(f"{service}_url")
                for service in _COMPOSED
                if f"{service}_url" in settings
            }
        ),
        published_keys=published,
        registration_secret=settings.get("registration_secret"),
        mesh=mesh_of(settings),
        personas=demo,
        https=https,
    )
    return app
