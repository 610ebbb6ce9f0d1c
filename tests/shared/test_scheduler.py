"""Due work is done once, however late and by however many; what fails is put off and holds up no other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from shared.clock import SettableClock
from shared.effects.intents import Due
from shared.postgres import Server
from shared.runtime import Runtime
from shared.scheduler import Occurrence
from shared.service import Service, Surroundings
from shared.testing.world import World
from shared.work import Work
from tests.shared.toy import PURSE, Mint, NoteCoins, purse_service

START = datetime(2026, 3, 2, tzinfo=UTC)
TENANT = uuid4()


@dataclass
class Polisher:
    """Polishes purses, and does as it is told for some of them."""

    done: list[str] = field(default_factory=list)
    instead: dict[str, Callable[[Work], Any]] = field(default_factory=dict)

    def polish(self, occurrence: Occurrence, work: Work) -> None:
        work.execute(PURSE, UUID(occurrence.key), NoteCoins("polished"))
        if occurrence.key in self.instead:
            self.instead[occurrence.key](work)
        self.done.append(occurrence.key)

    def service(self, surroundings: Surroundings) -> Service:
        built: Service = purse_service(Mint())(surroundings)
        return replace(built, jobs={"polish": self.polish})


@pytest.fixture
def polisher() -> Polisher:
    return Polisher()


@pytest.fixture
def world(postgres_server: Server, polisher: Polisher) -> Iterator[World]:
    with World(postgres_server, [polisher.service], START) as world:
        yield world


@pytest.fixture
def wall() -> SettableClock:
    return SettableClock(START)


@pytest.fixture
def runtime(world: World, polisher: Polisher, wall: SettableClock) -> Iterator[Runtime]:
    surroundings = replace(world.runtimes["purse"].surroundings, wall=wall)
    runtime = Runtime(polisher.service(surroundings), surroundings)
    yield runtime
    runtime.close()


def put_on_the_calendar(world: World, at: datetime = START) -> str:
    purse = str(uuid4())
    world.work("purse", TENANT, lambda work: work.remind(Due("polish", purse, at)))
    return purse


def notes(world: World, purse: str) -> tuple[str, ...]:
    found: tuple[str, ...] = world.work(
        "purse", TENANT, lambda work: work.load(PURSE, UUID(purse)).state.notes
    )
    return found


def work_off(runtime: Runtime) -> None:
    while runtime.step():
        pass


def errors(world: World) -> list[str | None]:
    with world.runtimes["purse"].app.transaction([TENANT]) as transaction:
        rows = transaction.raw.execute("select error from due order by error").fetchall()
    return [error for (error,) in rows]


def test_work_that_was_missed_is_caught_up_and_what_is_due_later_waits(
    world: World, runtime: Runtime, polisher: Polisher
) -> None:
    missed, later = put_on_the_calendar(world), put_on_the_calendar(world, START.replace(day=9))
    world.clock.advance(days=3)
    work_off(runtime)
    assert polisher.done == [missed]
    world.clock.advance(days=4)
    work_off(runtime)
    assert polisher.done == [missed, later]


def test_two_who_run_the_same_work_at_once_do_it_once(
    world: World, runtime: Runtime, polisher: Polisher
) -> None:
    purse = put_on_the_calendar(world)
    other = threading.Thread(target=world.settle)

    def meanwhile(work: Work) -> None:
        other.start()
        with psycopg.connect(world.server.dsn("postgres"), autocommit=True) as connection:
            waits = (
                "select pid from pg_stat_activity where datname = %s and wait_event_type = 'Lock'"
            )
            while not connection.execute(waits, (world.address.database("purse"),)).fetchone():
                assert other.is_alive()

    polisher.instead = {purse: meanwhile}
    work_off(runtime)
    other.join()
    assert polisher.done == [purse]
    assert notes(world, purse) == ("polished",)


@pytest.mark.parametrize(
    "text", ["it is broken", "zero \0 and a half \ud800 character", "x" * 9000]
)
def test_work_that_fails_leaves_nothing_waits_a_minute_and_holds_up_no_other(
    world: World, runtime: Runtime, polisher: Polisher, wall: SettableClock, text: str
) -> None:
    broken = put_on_the_calendar(world)
    other = put_on_the_calendar(world, START + timedelta(seconds=1))

    def fail(work: Work) -> None:
        raise RuntimeError(text)

    polisher.instead = {broken: fail}
    world.clock.advance(minutes=1)
    work_off(runtime)
    assert polisher.done == [other]
    assert notes(world, broken) == ()
    polisher.instead = {}
    work_off(runtime)
    assert polisher.done == [other]
    wall.advance(seconds=61)
    work_off(runtime)
    assert polisher.done == [other, broken]
    assert errors(world) == [None, None]


def test_what_is_kept_of_a_failure_quotes_no_row(
    world: World, runtime: Runtime, polisher: Polisher
) -> None:
    purse = put_on_the_calendar(world)

    def collide(work: Work) -> None:
        for _ in range(2):
            work.raw.execute(
                "insert into inbox values ('anne@fjordvig.example', '', %s, '', 0, 0)", (uuid4(),)
            )

    polisher.instead = {purse: collide}
    work_off(runtime)
    assert errors(world) == [
        'UniqueViolation: duplicate key value violates unique constraint "inbox_pkey"'
    ]
