"""The demonstration's clock: it runs between moves, and never back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from shared.clock import SettableClock
from shared.movable_clock import SCHEMA, MovableClock
from shared.testing.postgres import Databases

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def build(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(SCHEMA)


@pytest.fixture
def wall() -> SettableClock:
    return SettableClock(datetime(2030, 1, 1, tzinfo=UTC))


@pytest.fixture
def clock(databases: Databases, wall: SettableClock) -> Iterator[MovableClock]:
    clock = MovableClock(databases.fresh("clock", build), wall)
    clock.move_to(MONDAY)
    yield clock
    clock.close()


def test_it_runs_with_the_wall_clock_between_moves(
    clock: MovableClock, wall: SettableClock
) -> None:
    assert clock.now() == MONDAY
    wall.advance(hours=2)
    assert clock.now() == MONDAY + timedelta(hours=2)
    clock.move_to(MONDAY + timedelta(days=1))
    wall.advance(minutes=1)
    assert clock.now() == MONDAY + timedelta(days=1, minutes=1)


@pytest.mark.parametrize("back", [timedelta(minutes=30), timedelta(days=3)])
def test_an_instant_that_has_passed_does_not_bring_it_back(
    clock: MovableClock, wall: SettableClock, back: timedelta
) -> None:
    wall.advance(hours=1)
    clock.move_to(MONDAY + timedelta(hours=1) - back)
    assert clock.now() == MONDAY + timedelta(hours=1)
