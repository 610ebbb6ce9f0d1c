"""The `eventsourcing` library's own recorder test cases, against our recorder.

Left out: the tracking and process recorder cases, since their rule accepts a jump in positions
where ours must see a gap (the inbox has its own test); the non-interleaving case, since it asserts
the table lock whose absence is the point; `optional_test_insert_subscribe`, since a subscription
woken by NOTIFY can block for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import AggregateRecorder, IntegrityError, StoredEvent
from eventsourcing.tests.persistence import AggregateRecorderTestCase, ApplicationRecorderTestCase

from shared.database import Database
from shared.eventstore.recorder import EventRecorder
from shared.eventstore.watermark import Watermark
from shared.postgres import Server
from shared.testing.world import World
from tests.shared.toy import Mint, purse_service


class OnPostgres:
    @pytest.fixture(autouse=True)
    def _world(self, postgres_server: Server) -> Iterator[None]:
        start = datetime(2026, 3, 2, tzinfo=UTC)
        with World(postgres_server, [purse_service(Mint())], start) as world:
            self.address = world.address
            self.opened: list[Database] = []
            yield
            for reader in self.opened:
                reader.close()

    def recorder(self) -> EventRecorder:
        self.opened.append(Database(self.address.dsn("purse", "reader")))
        return EventRecorder(self.address.dsn("purse", "app"), uuid4(), Watermark(self.opened[-1]))


class WithoutPositions(AggregateRecorder):
    """An aggregate recorder answers an insert with nothing."""

    def __init__(self, recorder: EventRecorder) -> None:
        self._recorder = recorder
        self.select_events = recorder.select_events  # type: ignore[method-assign]  # hands it on

    def insert_events(self, stored_events, **kwargs):
        self._recorder.insert_events(stored_events, **kwargs)

    def select_events(self, *args, **kwargs):
        raise AssertionError("replaced when made")


class TestAsAggregateRecorder(OnPostgres, AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return WithoutPositions(self.recorder())


class TestAsApplicationRecorder(OnPostgres, ApplicationRecorderTestCase[EventRecorder]):
    EXPECT_CONTIGUOUS_NOTIFICATION_IDS = False

    def create_recorder(self) -> EventRecorder:
        return self.recorder()


class TestBeyondTheLibrary(OnPostgres):
    def test_a_hole_in_a_stream_is_refused(self) -> None:
        recorder, aggregate_id = self.recorder(), uuid4()
        recorder.insert_events([StoredEvent(aggregate_id, 1, "topic", b"state")])
        with pytest.raises(IntegrityError, match="hole"):
            recorder.insert_events([StoredEvent(aggregate_id, 5, "topic", b"state")])

    def test_what_is_recorded_cannot_be_changed_by_the_service_or_by_the_owner(self) -> None:
        recorder = self.recorder()
        recorder.insert_events([StoredEvent(uuid4(), 1, "topic", b"state")])
        with (
            psycopg.connect(self.address.dsn("purse", "app")) as app,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            app.execute("update event set body = 'x'")
        for change in ("update event set body = 'x'", "delete from event", "truncate event"):
            with (
                psycopg.connect(self.address.dsn("purse", "owner")) as owner,
                pytest.raises(psycopg.errors.RaiseException, match="never changed"),
            ):
                owner.execute(change)
