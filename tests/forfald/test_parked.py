"""Parked messages from the command line, over the toy services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner, Result

from forfald import cli
from shared.postgres import Server
from shared.service import Service, Surroundings
from shared.stream.subscriptions import Subscriptions
from shared.testing.world import World
from shared.work import Work
from tests.shared.feeding import START, fill
from tests.shared.toy import COUNT, CoinsAdded, CoinsCounted, Mint, purse_service, teller_service


class Fault:
    """A teller that cannot count certain totals, until it is mended."""

    totals: frozenset[int] = frozenset({2})

    def service(self, surroundings: Surroundings) -> Service:
        subscriptions = Subscriptions("teller")

        @subscriptions.on(CoinsAdded)
        def on_coins_added(event: CoinsAdded, work: Work) -> None:
            if event.total in self.totals:
                raise RuntimeError(f"[b]cannot[/] count to {event.total}")
            work.execute(COUNT, event.purse_id, CoinsCounted(coins=1, total=event.total))

        return replace(teller_service(surroundings), subscriptions=subscriptions)


@pytest.fixture
def fault() -> Fault:
    return Fault()


@pytest.fixture
def world(postgres_server: Server, fault: Fault) -> Iterator[World]:
    with World(postgres_server, [purse_service(Mint()), fault.service], START) as world:
        yield world


@pytest.fixture
def forfald(world: World, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`forfald parked teller …` on that world's installation."""
    monkeypatch.setattr(cli, "installation_settings", lambda: None)
    given = world.runtimes["teller"].surroundings
    monkeypatch.setattr(cli, "surroundings_of", lambda _: given)
    monkeypatch.setattr(cli, "builder", lambda _: fault.service)
    monkeypatch.setattr(cli.console, "width", 400)
    monkeypatch.setattr("getpass.getuser", lambda: "otto")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli.app, ["parked", "teller", *arguments])

    return run


def park(world: World) -> tuple[UUID, list[str]]:
    """A purse whose second message cannot be handled, and that message's place."""
    purse = uuid4()
    fill(world, [purse] * 3)
    world.settle()
    with world.runtimes["teller"].reader.connection() as transaction:
        query = "select topic, partition, seq from parked where settled_at is null order by seq"
        [first, _] = transaction.raw.execute(query).fetchall()
    return purse, [str(part) for part in first]


def settled(world: World) -> list[tuple[Any, ...]]:
    with world.runtimes["teller"].reader.connection() as transaction:
        query = "select settled_as, settled_by, reason from parked order by seq"
        return transaction.raw.execute(query).fetchall()


def test_the_table_shows_where_each_key_waits_of_whichever_tenant(
    world: World, forfald: Any
) -> None:
    assert "no message waits" in forfald().output
    purse, place = park(world)
    [head, line] = forfald().output.splitlines()
    assert head.split() == ["topic", "partition", "seq", "key", "since", "behind", "error"]
    assert line.split()[:4] == [*place, str(purse)]
    assert "1  " in line
    assert "RuntimeError: [b]cannot[/] count to 2" in line


def test_a_mended_key_is_replayed_and_one_that_is_not_says_where_it_stopped(
    world: World, forfald: Any, fault: Fault
) -> None:
    purse, place = park(world)
    failed = forfald("--replay", str(purse))
    assert failed.exit_code == 1
    assert f"stopped at {' '.join(place)}: RuntimeError: [b]cannot" in failed.output
    fault.totals = frozenset()
    mended = forfald("--replay", str(purse), "--reason", "counting was mended")
    assert (mended.exit_code, mended.stdout) == (0, f"{place[0]}: 2 handled\n")
    assert settled(world) == [("replayed", "operator:otto", "counting was mended")] * 2
    assert forfald("--replay", str(purse)).exit_code == 1


def test_a_message_is_skipped_for_a_reason_only(world: World, forfald: Any) -> None:
    purse, place = park(world)
    refused = forfald("--skip", *place)
    assert refused.exit_code == 2
    assert "a message is skipped for a reason" in refused.output
    assert settled(world) == [(None, None, None)] * 2
    assert forfald("--skip", place[0], place[1], "999999", "--reason", "x").exit_code == 1
    skipped = forfald("--skip", *place, "--reason", "counted by hand")
    assert (skipped.exit_code, skipped.stdout) == (0, "skipped\n")
    assert forfald("--replay", str(purse)).exit_code == 0
    assert settled(world) == [
        ("skipped", "operator:otto", "counted by hand"),
        ("replayed", "operator:otto", None),
    ]
