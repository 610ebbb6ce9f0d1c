"""Read tables are what the log says, and can be made anew while the old ones serve."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.postgres import Server
from shared.projecting.rebuild import differences, rebuild
from shared.testing.world import World
from tests.shared.toy import COUNT, CoinsCounted, Mint, counted, purse_service, teller_service

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
