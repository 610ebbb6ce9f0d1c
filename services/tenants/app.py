"""The wiring of the tenants service."""

from __future__ import annotations

from pathlib import Path

from services.tenants import tables
from services.tenants.events import TenantsEvent
from services.tenants.projections import agencies, clients, members
from services.tenants.publications import publications
from services.tenants.subscriptions import subscriptions
from shared.eventstore.mapper import EventMapper
from shared.service import Service, Surroundings
from shared.work import Rules


def build(_: Surroundings) -> Service:
    return Service(
        name="tenants",
        rules=Rules(
            EventMapper(TenantsEvent), publications, projections=(agencies, clients, members)
        ),
        subscriptions=subscriptions,
        read=tables.read,
        migrations=Path(__file__).parent / "migrations",
    )
