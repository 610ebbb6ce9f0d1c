"""Which services there are, and how each is built from the settings of an installation."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from shared.clock import Clock, WallClock
from shared.movable_clock import MovableClock
from shared.provision import open_vault
from shared.service import Service, Surroundings
from shared.settings import Settings

# In the order in which an invoice meets them.
SERVICES: Final = (
    "tenants",
    "sync",
    "payments",
    "approvals",
    "dunning",
    "notifications",
    "collections",
)


PAYING: Final = ("tenants", "sync", "payments", "approvals", "notifications")
"""Those through which a supplier's invoice is paid."""
FOLLOWING: Final = ("tenants", "sync", "dunning", "notifications", "collections")
"""Those through which a customer's invoice is followed up."""


def builder(name: str) -> Callable[[Surroundings], Service]:
    """The service's own wiring place."""
    build: Callable[[Surroundings], Service] = import_module(f"services.{name}.app").build
    return build


def clock_of(settings: Settings) -> Clock:
    """The wall clock, or the demonstration's movable one where `clock_dsn` is set."""
    dsn = settings.get("clock_dsn")
    return MovableClock(dsn) if dsn else WallClock()


def surroundings_of(settings: Settings) -> Surroundings:
    return Surroundings(
        address=settings.address,
        clock=clock_of(settings),
        vault=open_vault(settings.address),
        settings=settings,
    )
