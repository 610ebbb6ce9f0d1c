"""The embedded feed alone: whoever cannot go on there holds up nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from shared.contracts.base import Contract
from shared.postgres import Server
from shared.service import Service, Surroundings
from shared.stream.inbox import Unavailable
from shared.stream.log import LogFeed
from shared.stream.records import partition_of
from shared.stream.subscriptions import Subscriptions
from shared.testing.world import World
from shared.work import Work
from tests.shared.feeding import START, TENANT, drain, effects, fill, publish
from tests.shared.toy import CoinsAdded, Mint, on_coins_added, purse_service, teller_service


class ShellsFound(Contract, publisher="beach", aggregate="shell"):
    shells: int


def beachcomber(surroundings: Surroundings) -> Service:
    """A teller that listens to a service nobody has set up yet, and to purses."""
    subscriptions = Subscriptions("teller")

    @subscriptions.on(ShellsFound)
    def on_shells_found(event: ShellsFound, work: Work) -> None:
        raise AssertionError("there is no such service")

    subscriptions.on(CoinsAdded)(on_coins_added)
    return replace(teller_service(surroundings), subscriptions=subscriptions)


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    with World(postgres_server, [purse_service(Mint()), teller_service], START) as world:
        yield world


def purse_elsewhere(purse: UUID) -> UUID:
    """A purse whose records go to another partition."""
    return next(
        other
        for other in iter(uuid4, None)
        if partition_of(str(other).encode()) != partition_of(str(purse).encode())
    )


def test_a_partition_that_has_stopped_with_more_than_a_batch_behind_it_hides_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shared.stream.log._BATCH", 3)
    stopped = uuid4()
    free = purse_elsewhere(stopped)
    fill(world, [stopped])
    world.settle()
    with world.runtimes["teller"].app.transaction([TENANT]) as transaction:
        transaction.raw.execute("update inbox set epoch = %s", (uuid4(),))
    fill(world, [stopped] * 4)
    fill(world, [free])
    capfd.readouterr()
    world.settle()
    assert effects(world) == {stopped: [1], free: [1]}
    world.settle()
    assert capfd.readouterr().err.count("out of turn") == 1, "it is told of once"


def test_a_publisher_that_is_away_holds_up_no_other_and_is_told_of_when_all_else_is_taken(
    postgres_server: Server,
) -> None:
    with World(postgres_server, [purse_service(Mint()), beachcomber], START) as world:
        purse = uuid4()
        fill(world, [purse])
        publish(world)
        teller = world.runtimes["teller"]
        assert isinstance(teller.feed, LogFeed)
        with pytest.raises(Unavailable, match="the outbox of beach"):
            drain(teller.feed)
        assert effects(world) == {purse: [1]}
