"""The `eventsourcing` library's own PostgreSQL recorder and aggregate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from tests.perf.append import BODY, NAME, Ending
from tests.perf.crowd import Act
from tests.perf.rebuild import EVENTS


def by_the_library(dsn: str, _process: int) -> Callable[[int], tuple[Act, Ending]]:
    """The library's own recorder: table lock, NOTIFY, its pool. It has no meta and no hash."""
    recorder = _library(dsn)

    def make(_writer: int) -> tuple[Act, Ending]:
        def act() -> None:
            recorder.insert_events([StoredEvent(uuid4(), 1, NAME, BODY)])

        return act, recorder.datastore.close

    return make


def _library(dsn: str) -> PostgresApplicationRecorder:
    place = conninfo_to_dict(dsn)
    datastore = PostgresDatastore(
        dbname=str(place["dbname"]), host=str(place["host"]), port=str(place["port"]),
        user=str(place["user"]), password=str(place["password"]), pool_size=32,
    )  # fmt: skip
    return PostgresApplicationRecorder(datastore, events_table_name="stored_events")


def make_library_tables(dsn: str) -> None:
    recorder = _library(dsn)
    recorder.create_table()
    recorder.datastore.close()


class LibraryPurse(Aggregate):
    """The toy's purse in the library's own manner."""

    @event("Opened")
    def __init__(self) -> None:
        self.coins = 0
        self.notes: tuple[str, ...] = ()

    @event("Filled")
    def fill(self, coins: int) -> None:
        self.coins += coins


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
