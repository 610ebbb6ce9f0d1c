"""An aggregate of a thousand events from the store: `Work.load` against the library's repository."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from shared.clock import WallClock
from shared.testing.world import World
from tests.perf.append import TENANT
from tests.shared.toy import PURSE, FillPurse

EVENTS = 1000
_ROUNDS = 15


class LibraryPurse(Aggregate):
    """The toy's purse in the library's own manner."""

    @event("Opened")
    def __init__(self) -> None:
        self.coins = 0
        self.notes: tuple[str, ...] = ()

    @event("Filled")
    def fill(self, coins: int) -> None:
        self.coins += coins


def milliseconds(act: Callable[[], Any]) -> float:
    """The median of some rounds, after one that fills the caches."""
    act()
    clock = WallClock()
    times = []
    for _ in range(_ROUNDS):
        before = clock.monotonic()
        act()
        times.append((clock.monotonic() - before) * 1000)
    return median(times)


def ours(world: World) -> Callable[[], Any]:
    purse = uuid4()

    def fill(work: Any) -> None:
        for _ in range(EVENTS):
            work.execute(PURSE, purse, FillPurse(1))

    world.work("purse", TENANT, fill)

    def load() -> None:
        coins = world.work("purse", TENANT, lambda work: work.load(PURSE, purse).state.coins)
        assert coins == EVENTS

    return load


def the_librarys(dsn: str) -> tuple[Callable[[], Any], Callable[[], None]]:
    place = conninfo_to_dict(dsn)
    application: Application[UUID] = Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(place["dbname"]),
            "POSTGRES_HOST": str(place["host"]),
            "POSTGRES_PORT": str(place["port"]),
            "POSTGRES_USER": str(place["user"]),
            "POSTGRES_PASSWORD": str(place["password"]),
        }
    )
    purse = LibraryPurse()
    for _ in range(EVENTS - 1):
        purse.fill(1)
    application.save(purse)

    def load() -> None:
        found: LibraryPurse = application.repository.get(purse.id)
        assert found.coins == EVENTS - 1

    return load, application.close
