"""Parked messages in a person's hands: in the order of their key, whatever arrives meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa

from shared.postgres import Server
from shared.service import Service, Surroundings
from shared.stream.inbox import Receipt, Unavailable
from shared.stream.parking import Key, Parked, Parking, Replayed
from shared.stream.records import partition_of
from shared.stream.subscriptions import Subscriptions
from shared.testing.world import World
from shared.work import Work
from tests.shared.feeding import START, TENANT, TOPIC, Listener, effects, fill
from tests.shared.test_inbox import record_of
from tests.shared.toy import COUNT, CoinsAdded, CoinsCounted, Mint, purse_service, teller_service

BY = "user:anna"


@dataclass
class Fault:
    """A teller that cannot count certain totals, until it is mended."""

    totals: set[int] = field(default_factory=set)
    happens: list[Callable[[], Any]] = field(default_factory=list)

    def service(self, surroundings: Surroundings) -> Service:
        subscriptions = Subscriptions("teller")

        @subscriptions.on(CoinsAdded)
        def on_coins_added(event: CoinsAdded, work: Work) -> None:
            work.execute(COUNT, event.purse_id, CoinsCounted(coins=1, total=event.total))
            if self.happens:
                self.happens.pop()()
            if event.total in self.totals:
                raise RuntimeError(f"cannot count to {event.total}")

        return replace(teller_service(surroundings), subscriptions=subscriptions)


@pytest.fixture
def fault() -> Fault:
    return Fault()


@pytest.fixture
def world(postgres_server: Server, fault: Fault) -> Iterator[World]:
    services = [purse_service(Mint()), fault.service]
    with World(postgres_server, services, START) as world:
        yield world


@pytest.fixture
def parking(world: World) -> Parking:
    teller = world.runtimes["teller"]
    return Parking(teller.service.subscriptions, teller.service.rules, teller.app, teller.clock)


def stuck(world: World, fault: Fault, *, at: int, of: int) -> UUID:
    """A purse that was filled so often, of which teller cannot count that total."""
    fault.totals = {at}
    purse = uuid4()
    fill(world, [purse] * of)
    world.settle()
    return purse


def key_of(purse: UUID) -> Key:
    key = str(purse).encode()
    return Key(TOPIC, partition_of(key), key)


def totals(messages: list[Parked]) -> list[int]:
    return [CoinsAdded.model_validate_json(message.body).total for message in messages]


def settled(world: World) -> list[tuple[Any, ...]]:
    with world.runtimes["teller"].app.transaction([TENANT]) as transaction:
        return transaction.raw.execute(
            "select settled_as, settled_by, reason, settled_at from parked order by seq"
        ).fetchall()


def counts(world: World) -> tuple[int, int]:
    with world.runtimes["teller"].app.transaction([TENANT]) as transaction:
        row = transaction.raw.execute("select sum(applied), sum(parked) from inbox").fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def test_what_waits_is_shown_with_its_bytes_and_its_reason_to_its_tenant(
    world: World, parking: Parking, fault: Fault
) -> None:
    purse = stuck(world, fault, at=2, of=3)
    first, second = parking.waiting([TENANT])
    assert totals([first, second]) == [2, 3]
    assert (first.key, first.tenant_id, first.tries) == (key_of(purse), TENANT, 3)
    assert first.error == "RuntimeError: cannot count to 2"
    assert second.error == "waits behind a parked message of its key"
    assert first.headers["ce_type"] == CoinsAdded.type_name
    assert parking.find([TENANT], TOPIC, first.key.partition, first.seq) == first
    assert counts(world) == (1, 2)
    assert parking.waiting([uuid4()]) == []
    assert parking.find([uuid4()], TOPIC, first.key.partition, first.seq) is None


def test_a_mended_key_is_replayed_in_its_order(
    world: World, parking: Parking, fault: Fault
) -> None:
    purse = stuck(world, fault, at=2, of=3)
    fill(world, [purse] * 2)
    world.settle()
    fault.totals = set()
    assert parking.replay(uuid4(), key_of(purse), BY) == Replayed(0, None)
    assert parking.replay(TENANT, key_of(purse), BY) == Replayed(4, None)
    assert effects(world) == {purse: [1, 2, 3, 4, 5]}
    assert settled(world) == [("replayed", BY, None, START)] * 4
    assert parking.waiting([TENANT]) == []
    assert parking.replay(TENANT, key_of(purse), BY) == Replayed(0, None)
    fill(world, [purse])
    world.settle()
    assert effects(world) == {purse: [1, 2, 3, 4, 5, 6]}


def test_a_replay_stops_at_the_first_that_fails_again_and_says_why(
    world: World, parking: Parking, fault: Fault
) -> None:
    purse = stuck(world, fault, at=1, of=4)
    fault.totals = {3}
    replayed = parking.replay(TENANT, key_of(purse), BY)
    assert replayed.count == 2
    assert replayed.stopped_at is not None
    assert replayed.stopped_at.error == "RuntimeError: cannot count to 3"
    assert replayed.stopped_at.tries == 1
    assert totals(parking.waiting([TENANT])) == [3, 4]
    assert effects(world) == {purse: [1, 2]}


def test_a_skipped_message_has_no_effect_and_keeps_who_and_why(
    world: World, parking: Parking, fault: Fault
) -> None:
    purse = stuck(world, fault, at=2, of=3)
    message = parking.waiting([TENANT])[0]
    with pytest.raises(ValueError, match="for a reason"):
        parking.skip(TENANT, message, BY, "  ")
    assert not parking.skip(uuid4(), message, BY, "somebody else's")
    assert parking.skip(TENANT, message, BY, "paid by hand")
    assert not parking.skip(TENANT, message, BY, "once more")
    assert totals(parking.waiting([TENANT])) == [3]
    assert parking.replay(TENANT, key_of(purse), BY) == Replayed(1, None)
    assert effects(world) == {purse: [1, 3]}
    assert settled(world) == [
        ("skipped", BY, "paid by hand", START),
        ("replayed", BY, None, START),
    ]


def while_it_waits(
    world: World, other: Callable[[], Any]
) -> tuple[Callable[[], None], threading.Thread]:
    """Something to happen inside a transaction: `other` begins, and waits for a lock we hold."""
    thread = threading.Thread(target=other)

    def begin() -> None:
        thread.start()
        with psycopg.connect(world.server.dsn("postgres"), autocommit=True) as connection:
            waits = """
                select pid from pg_stat_activity
                where datname = %s and wait_event_type = 'Lock'
            """
            while not connection.execute(waits, (world.address.database("teller"),)).fetchone():
                assert thread.is_alive()

    return begin, thread


def test_a_message_that_arrives_during_the_last_replay_is_neither_early_nor_forgotten(
    world: World, parking: Parking, fault: Fault
) -> None:
    purse = stuck(world, fault, at=1, of=1)
    fault.totals = set()
    last = parking.waiting([TENANT])[0]
    inbox = Listener(world.runtimes["teller"])
    contract = CoinsAdded(purse_id=purse, coins=1, total=2)
    arriving = record_of(contract, last.key.key, last.seq + 1, last.seq)
    with world.runtimes["teller"].app.transaction([TENANT]) as transaction:
        row = transaction.raw.execute("select epoch from inbox").fetchone()
    assert row is not None
    headers = {**arriving.headers, "ce_tenantid": str(TENANT)}
    arriving = replace(arriving, epoch=row[0], headers=headers)
    begin, thread = while_it_waits(world, lambda: inbox.receive(arriving))
    fault.happens = [begin]
    assert parking.replay(TENANT, last.key, BY) == Replayed(1, None)
    thread.join()
    assert inbox.receipts == [Receipt.APPLIED]
    assert effects(world) == {purse: [1, 2]}
    assert parking.waiting([TENANT]) == []


def test_two_people_who_replay_at_once_replay_each_message_once(
    world: World, parking: Parking, fault: Fault
) -> None:
    purse = stuck(world, fault, at=1, of=3)
    fault.totals = set()
    others: list[Replayed] = []
    begin, thread = while_it_waits(
        world, lambda: others.append(parking.replay(TENANT, key_of(purse), "user:bertil"))
    )
    fault.happens = [begin]
    mine = parking.replay(TENANT, key_of(purse), BY)
    thread.join()
    assert mine.count + others[0].count == 3
    assert effects(world) == {purse: [1, 2, 3]}


def test_a_database_that_goes_away_parks_nothing(
    world: World, parking: Parking, fault: Fault
) -> None:
    purse = uuid4()
    fill(world, [purse])
    gone = [sa.exc.OperationalError("select", {}, RuntimeError("the server closed the connection"))]

    def lose_the_database() -> None:
        raise gone[0]

    fault.happens = [lose_the_database]
    with pytest.raises(Unavailable):
        world.settle()
    world.settle()
    assert effects(world) == {purse: [1]}
    assert parking.waiting([TENANT]) == []
    fault.totals = {2}
    fill(world, [purse])
    world.settle()
    fault.totals, fault.happens = set(), [lose_the_database]
    with pytest.raises(Unavailable):
        parking.replay(TENANT, key_of(purse), BY)
    assert parking.replay(TENANT, key_of(purse), BY) == Replayed(1, None)


def test_an_error_that_no_database_can_keep_is_kept_all_the_same(
    world: World, parking: Parking, fault: Fault
) -> None:
    def fail() -> None:
        raise RuntimeError("zero \0 and a half \ud800 character")

    fault.happens = [fail, fail, fail]
    fill(world, [uuid4()])
    world.settle()
    assert [m.error for m in parking.waiting([TENANT])] == [
        "RuntimeError: zero \\0 and a half \\ud800 character"
    ]
