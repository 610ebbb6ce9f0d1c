"""Followed read tables: the projector behind the log, and whoever waits for what they have just done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.postgres import Server
from shared.testing.world import World
from tests.shared.toy import COUNT, CoinsCounted, counted, teller_service

TENANT = uuid4()


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    with World(postgres_server, [teller_service], datetime(2026, 3, 2, tzinfo=UTC)) as world:
        yield world


def count(world: World, *, shown: bool) -> None:
    purse = uuid4()
    world.runtimes["teller"].work(
        TENANT,
        "user:test",
        lambda work: work.execute(COUNT, purse, CoinsCounted(coins=2, total=2)),
        shown=shown,
    )


def rows(world: World) -> int:
    with world.runtimes["teller"].app.transaction([TENANT]) as transaction:
        found = transaction.sql.execute(sa.select(sa.func.count()).select_from(counted))
        return int(found.scalar_one())


def test_who_waits_for_what_they_have_done_sees_it_at_once(world: World) -> None:
    count(world, shown=False)
    assert rows(world) == 0
    count(world, shown=True)
    assert rows(world) == 2


def test_who_waits_behind_a_stuck_transaction_is_let_go_and_sees_it_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        monkeypatch.context() as hurried,
        world.runtimes["teller"].app.recording([TENANT], "stuck"),
    ):
        hurried.setattr("shared.projecting.waiting._PATIENCE_S", 0.0)
        count(world, shown=True)
        assert rows(world) == 0
    count(world, shown=True)
    assert rows(world) == 2


def test_a_projection_that_fails_takes_no_answer_from_who_waits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("this event has no row")

    with monkeypatch.context() as patched:
        patched.setattr("tests.shared.toy.counts.apply", fail)
        count(world, shown=True)
    count(world, shown=True)
    assert rows(world) == 2
