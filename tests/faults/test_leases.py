"""Only time says that a caller is dead: its lease ends, and its successor asks before it does anything."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.clock import SettableClock, WallClock
from shared.effects.worker import Later, Outcome, Task
from shared.postgres import Server
from shared.runtime import Runtime
from shared.service import Surroundings
from shared.testing.world import World
from tests.shared.toy import PURSE, FillPurse, Mint, purse_service

START = datetime(2026, 3, 2, 7, tzinfo=UTC)
TENANT = uuid4()
PATIENCE_S = 10


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
    work_off(successor_of(mint, surroundings))
    assert len(mint.asked) == asked
    assert len(mint.struck) == 1


def successor_of(mint: Mint, surroundings: Surroundings) -> Runtime:
    return Runtime(purse_service(mint)(surroundings), surroundings)


def work_off(runtime: Runtime) -> None:
    while runtime.step():
        pass
    runtime.close()


@dataclass
class SlowMint(Mint):
    """Something happens while it strikes."""

    meanwhile: list[Callable[[], None]] = field(default_factory=list)

    def perform(self, task: Task, now: datetime) -> Outcome:
        if self.meanwhile:
            self.meanwhile.pop()()
        return super().perform(task, now)


@pytest.fixture
def slow() -> SlowMint:
    return SlowMint()


@pytest.fixture
def wall() -> SettableClock:
    return SettableClock(START)


@pytest.fixture
def surroundings(
    postgres_server: Server, slow: SlowMint, wall: SettableClock
) -> Iterator[Surroundings]:
    """Of a service in which one effect is wanted."""
    with World(postgres_server, [purse_service(slow)], START) as world:
        purse = uuid4()
        world.work("purse", TENANT, lambda work: work.execute(PURSE, purse, FillPurse(3)))
        yield replace(world.runtimes["purse"].surroundings, wall=wall)


def test_a_caller_that_is_slow_and_lives_keeps_its_lease(
    surroundings: Surroundings,
    slow: SlowMint,
    wall: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.effects.lease._RENEW_EVERY_S", 0.01)
    mine = successor_of(slow, surroundings)

    def leased_until() -> datetime:
        with mine.app.transaction([TENANT]) as transaction:
            row = transaction.raw.execute("select leased_until from effect").fetchone()
        assert row is not None
        until: datetime = row[0]
        return until

    def take_long() -> None:
        for _ in range(3):
            wall.advance(seconds=50)
            deadline = WallClock().monotonic() + PATIENCE_S
            while leased_until() < wall.now() + timedelta(seconds=60):
                assert WallClock().monotonic() < deadline
            work_off(successor_of(slow, surroundings))

    slow.meanwhile = [take_long]
    work_off(mine)
    assert (len(slow.struck), slow.asked) == (1, [])


def test_a_caller_that_was_taken_for_dead_no_longer_says_how_it_ended(
    surroundings: Surroundings, slow: SlowMint, wall: SettableClock
) -> None:
    frozen, thawed = threading.Event(), threading.Event()

    def freeze() -> None:
        frozen.set()
        assert thawed.wait(PATIENCE_S)

    old = threading.Thread(target=work_off, args=(successor_of(slow, surroundings),))

    def be_late() -> None:
        thawed.set()
        old.join()

    slow.meanwhile = [be_late, freeze]
    slow.answers = [Later("nothing left", START)]  # what the old one has to say of its attempt
    old.start()
    assert frozen.wait(PATIENCE_S)
    wall.advance(seconds=70)
    work_off(successor_of(slow, surroundings))
    work_off(successor_of(slow, surroundings))
    assert len(slow.asked) == 1
    assert len(slow.struck) == 1
