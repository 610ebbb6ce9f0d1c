"""Whether a follower of the log misses, reorders or repeats anything while writers race.

Sixteen writers append to forty streams, one to three events at a time. Some commit late, some roll
back, many collide, and two in five take their transaction id before they read the stream, as every
inbox transaction does. The same log is read by the rule of the house and, to show that the test can
see damage, by the rules that others use.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from shared.database import Database
from shared.eventstore.chain import BEGINNING
from shared.eventstore.recorder import RECORD, SCOPE, insert, scope
from shared.eventstore.watermark import Watermark
from shared.postgres import Server
from shared.testing.world import World
from shared.work import Cause, Work
from tests.shared.toy import PURSE, FillPurse, Mint, purse_service

TENANT = uuid4()
STREAMS = [uuid4() for _ in range(40)]
WRITERS = 16
Row = tuple[int, UUID, int]
Rule = Callable[[Database, list[Row]], list[Row]]


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    with World(postgres_server, [purse_service(Mint())], start) as world:
        yield world


def below_the_watermark(reader: Database) -> Rule:
    watermark = Watermark(reader)

    def read(reader: Database, seen: list[Row]) -> list[Row]:
        after = seen[-1][0] if seen else 0
        return reader.ask(
            "select position, aggregate_id, version from event"
            " where position > %s and position <= %s order by position limit 5000",
            (after, watermark.advance()),
        )

    return read


def the_last_position_seen(_: Database) -> Rule:
    def read(reader: Database, seen: list[Row]) -> list[Row]:
        after = seen[-1][0] if seen else 0
        return reader.ask(
            "select position, aggregate_id, version from event"
            " where position > %s order by position limit 5000",
            (after,),
        )

    return read


def positions_of_ended_transactions(_: Database) -> Rule:
    """A position cursor that also asks for `xmin` of the row to be older than every open one."""

    def read(reader: Database, seen: list[Row]) -> list[Row]:
        after = seen[-1][0] if seen else 0
        return reader.ask(
            "select position, aggregate_id, version from event"
            " where position > %s"
            " and age(xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)"
            " order by position limit 5000",
            (after,),
        )

    return read


def write(dsn: str, seed: int, enough: Callable[[int], bool]) -> None:
    """One writer: appends until there are enough, now and then slowly or in vain."""
    chance = random.Random(seed)
    with psycopg.connect(dsn) as connection:
        while not enough(0):
            early = chance.random() < 0.4
            stream = chance.choice(STREAMS)
            if early:
                connection.execute(RECORD, scope([TENANT]))
            else:
                connection.execute(SCOPE, scope([TENANT]))
            row = connection.execute(
                "select version, hash from event where tenant_id = %s and aggregate_id = %s"
                " order by version desc limit 1",
                (TENANT, stream),
            ).fetchone()
            version, last = row or (0, BEGINNING)
            if not early:
                connection.execute("select pg_current_xact_id()")
            number = chance.randint(1, 3)
            events = [StoredEvent(stream, version + n, "toy", b"{}") for n in range(1, number + 1)]
            try:
                insert(connection, TENANT, events, [b"{}"] * number, {stream: last})
            except IntegrityError:
                connection.rollback()
                continue
            if chance.random() < 0.004:
                time.sleep(chance.random() * 0.15)
            if chance.random() < 0.05:
                connection.rollback()
            else:
                connection.commit()
                enough(number)


def race(
    world: World, events: int, rule: Callable[..., Rule], seed: int = 0
) -> tuple[list[Row], list[Row]]:
    """What the reader saw, and what is there in the end."""
    written, lock = 0, threading.Lock()

    def enough(number: int) -> bool:
        nonlocal written
        with lock:
            written += number
            return written >= events

    dsn = world.address.dsn("purse", "app")
    writers = [
        threading.Thread(target=write, args=(dsn, seed * WRITERS + number, enough))
        for number in range(WRITERS)
    ]
    reader = world.runtimes["purse"].reader
    read = rule(reader)
    seen: list[Row] = []
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        seen += read(reader, seen)
    # What was a candidate meanwhile may end with numbers that nobody used: the next look is the last.
    while found := read(reader, seen) or read(reader, seen):
        seen += found
    return seen, reader.ask("select position, aggregate_id, version from event order by position")


def follow_a_race(world: World, events: int, seed: int = 0) -> None:
    """Also at larger sizes by tests/soak."""
    seen, there = race(world, events, below_the_watermark, seed)
    assert len(there) >= events
    assert seen == there
    last = dict.fromkeys(STREAMS, 0)
    for _, stream, version in seen:
        assert version == last[stream] + 1
        last[stream] = version


def test_a_follower_below_the_watermark_misses_reorders_and_repeats_nothing(world: World) -> None:
    follow_a_race(world, 100_000)


@pytest.mark.parametrize("rule", [the_last_position_seen, positions_of_ended_transactions])
def test_the_rules_that_others_use_lose_events_and_this_test_sees_it(
    world: World, rule: Callable[..., Rule]
) -> None:
    seen, there = race(world, 10_000, rule)
    assert len(seen) < len(there)


def test_a_stuck_transaction_stalls_the_log_and_never_makes_it_skip(world: World) -> None:
    dsn = world.address.dsn("purse", "app")
    with (
        psycopg.connect(dsn) as stuck,
        psycopg.connect(dsn) as quick,
    ):
        watermark = Watermark(world.runtimes["purse"].reader)
        for connection, stream in ((stuck, STREAMS[0]), (quick, STREAMS[1])):
            connection.execute(RECORD, scope([TENANT]))
            event = StoredEvent(stream, 1, "toy", b"{}")
            insert(connection, TENANT, [event], [b"{}"], {stream: BEGINNING})
        quick.commit()
        assert watermark.advance() == 0
        stuck.commit()
        assert watermark.advance() == 2


def test_a_long_transaction_in_another_database_holds_nobody_up(
    world: World, postgres_server: Server
) -> None:
    dsn = world.address.dsn("purse", "app")
    with (
        psycopg.connect(postgres_server.dsn("postgres")) as elsewhere,
        psycopg.connect(dsn) as quick,
    ):
        elsewhere.execute("select pg_current_xact_id()")
        quick.execute(RECORD, scope([TENANT]))
        event = StoredEvent(STREAMS[0], 1, "toy", b"{}")
        insert(quick, TENANT, [event], [b"{}"], {STREAMS[0]: BEGINNING})
        quick.commit()
        assert Watermark(world.runtimes["purse"].reader).advance() == 1


def test_a_long_report_holds_nobody_up(world: World) -> None:
    purse = world.runtimes["purse"]
    with (
        purse.app.transaction([TENANT]) as report,
    ):
        report.raw.execute("select count(*) from event")
        world.work("purse", TENANT, lambda work: work.execute(PURSE, uuid4(), FillPurse(1)))
        assert Watermark(world.runtimes["purse"].reader).advance() > 0


def test_no_event_is_recorded_where_no_transaction_id_was_taken_first(world: World) -> None:
    purse = world.runtimes["purse"]
    with (
        pytest.raises(AssertionError, match="after a transaction id"),
        purse.app.transaction([TENANT]) as transaction,
    ):
        Work(purse.service.rules, transaction, TENANT, purse.clock.now(), Cause("user:x", uuid4()))
