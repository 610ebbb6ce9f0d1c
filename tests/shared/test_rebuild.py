"""Read tables are what the log says, and can be made anew while the old ones serve."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from shared.eventstore.events import Recorded
from shared.postgres import Server
from shared.projecting.projection import Projection
from shared.projecting.rebuild import differences, rebuild
from shared.testing.world import World
from shared.work import Work
from tests.shared.toy import (
    COUNT,
    CoinsCounted,
    Mint,
    counted,
    counts,
    purse_service,
    teller_service,
)

TENANT, OTHER = uuid4(), uuid4()


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    with World(postgres_server, [purse_service(Mint()), teller_service], start) as world:
        for tenant in (TENANT, OTHER, TENANT):
            count(world, tenant)
        world.settle()
        yield world


def count(world: World, tenant):
    purse = uuid4()
    world.work(
        "teller", tenant, lambda work: work.execute(COUNT, purse, CoinsCounted(coins=2, total=2))
    )


def rows(world: World, tenant):
    with world.runtimes["teller"].app.transaction([tenant]) as transaction:
        return sorted(transaction.sql.execute(sa.select(counted.c.purse_id, counted.c.coins)))


def owner(world: World) -> str:
    return world.address.dsn("teller", "owner")


def test_live_rows_agree_with_the_log(world: World) -> None:
    assert differences(owner(world), world.runtimes["teller"].service) == []


def test_a_row_changed_behind_the_logs_back_is_named(world: World) -> None:
    with world.runtimes["teller"].app.transaction([TENANT]) as transaction:
        transaction.sql.execute(counted.update().values(coins=99))
    found = differences(owner(world), world.runtimes["teller"].service)
    assert {(difference.where, difference.row["coins"]) for difference in found} == {
        ("live", 99),
        ("log", 2),
    }


def test_a_rebuild_mends_the_rows_and_following_goes_on_from_there(world: World) -> None:
    before = rows(world, TENANT)
    with world.runtimes["teller"].app.transaction([TENANT]) as transaction:
        transaction.sql.execute(counted.delete())
    rebuild(owner(world), world.runtimes["teller"].service)
    assert rows(world, TENANT) == before
    count(world, TENANT)
    world.settle()
    assert len(rows(world, TENANT)) == 3
    assert len(rows(world, OTHER)) == 1
    assert differences(owner(world), world.runtimes["teller"].service) == []


def begin_rebuild(world: World) -> threading.Thread:
    """A rebuild that has come to where it waits for somebody's lock."""
    thread = threading.Thread(target=rebuild, args=(owner(world), world.runtimes["teller"].service))
    thread.start()
    with psycopg.connect(world.server.dsn("postgres"), autocommit=True) as connection:
        waits = "select pid from pg_stat_activity where datname = %s and wait_event_type = 'Lock'"
        while not connection.execute(waits, (world.address.database("teller"),)).fetchone():
            assert thread.is_alive()
    return thread


def test_an_event_that_is_committed_while_later_ones_are_read_is_in_the_new_rows(
    world: World,
) -> None:
    begun: list[threading.Thread] = []

    def slowly(work: Work) -> None:
        work.execute(COUNT, uuid4(), CoinsCounted(coins=5, total=5))
        count(world, TENANT)  # a later position, committed earlier
        begun.append(begin_rebuild(world))

    world.work("teller", TENANT, slowly)
    begun[0].join()
    world.settle()
    assert sorted(coins for _, coins in rows(world, TENANT)) == [2, 2, 2, 5]
    assert differences(owner(world), world.runtimes["teller"].service) == []


def test_a_rebuild_gives_way_to_a_writer_that_wants_what_it_holds(world: World) -> None:
    begun: list[threading.Thread] = []

    def read_record_and_write(work: Work) -> None:
        work.sql.execute(sa.select(counted)).all()
        work.execute(COUNT, uuid4(), CoinsCounted(coins=5, total=5))
        begun.append(begin_rebuild(world))
        work.sql.execute(counted.update().values(coins=counted.c.coins))

    world.work("teller", TENANT, read_record_and_write)
    begun[0].join()
    world.settle()
    assert differences(owner(world), world.runtimes["teller"].service) == []


def test_what_a_rebuild_has_counted_is_not_counted_again_by_a_projector_that_had_not_begun(
    postgres_server: Server,
) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    with World(postgres_server, [purse_service(Mint()), teller_service], start) as world:
        count(world, TENANT)
        rebuild(owner(world), world.runtimes["teller"].service)
        world.settle()
        assert [coins for _, coins in rows(world, TENANT)] == [2]


def test_others_go_on_following_the_log_while_tables_are_rebuilt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.projecting.rebuild._BATCH", 1)
    teller = world.runtimes["teller"]
    watermark = next(part for part in teller.parts if part.name == "watermark")
    moved: list[bool] = []
    slow = Projection("slow", counted)

    @slow.on(CoinsCounted)
    def coins_counted(recorded: Recorded[CoinsCounted], sql: sa.Connection) -> None:
        if len(moved) < 2:
            count(world, TENANT)
            moved.append(watermark.step())
        counts.apply(recorded, sql)

    rebuild(owner(world), replace(teller.service, followed=[slow]))
    assert moved == [True, True]
