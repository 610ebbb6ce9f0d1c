"""Only time says that a caller is dead: its lease ends, and its successor asks before it does anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.clock import SettableClock, WallClock
from shared.postgres import Server
from shared.runtime import Runtime
from shared.testing.world import World
from tests.shared.toy import PURSE, FillPurse, Mint, purse_service

START = datetime(2026, 3, 2, 7, tzinfo=UTC)


class Killed(BaseException):
    """The process ends here: nothing after it runs."""


@pytest.fixture
def mint() -> Mint:
    return Mint()


@pytest.fixture
def died_in_its_call(
    postgres_server: Server, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    def crash_point(name: str) -> None:
        if name == "mint.strike:after":
            raise Killed

    with World(postgres_server, [purse_service(mint)], START) as world:
        world.work("purse", uuid4(), lambda work: work.execute(PURSE, uuid4(), FillPurse(3)))
        with monkeypatch.context() as patched:
            patched.setattr("shared.effects.worker.crash_point", crash_point)
            with pytest.raises(Killed):
                world.settle()
        yield world


@pytest.mark.parametrize(("after_s", "asked"), [(50, 0), (70, 1)])
def test_a_successor_waits_for_the_lease_and_then_asks_and_does_not_do_it_again(
    died_in_its_call: World, mint: Mint, after_s: int, asked: int
) -> None:
    wall = SettableClock(WallClock().now() + timedelta(seconds=after_s))
    surroundings = replace(died_in_its_call.runtimes["purse"].surroundings, wall=wall)
    successor = Runtime(purse_service(mint)(surroundings), surroundings)
    while successor.step():
        pass
    successor.close()
    assert len(mint.asked) == asked
    assert len(mint.struck) == 1
