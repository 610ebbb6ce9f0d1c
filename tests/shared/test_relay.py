"""The relay: everything on the topics, in order, whoever dies; and nothing twice to a consumer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from shared.postgres import Server
from shared.stream import kafka_member
from shared.stream import relay as relay_module
from shared.stream.inbox import Receipt
from shared.stream.records import Record
from shared.stream.relay import Relay, publish_again
from shared.stream.topics import create_topics, remove_topics
from shared.testing.world import World
from tests.shared.feeding import (
    START,
    TOPIC,
    Listener,
    drain,
    effects,
    everything,
    feed_for,
    fill,
    on_the_topic,
)
from tests.shared.toy import Mint, purse_service, subscriptions_of, teller_service

pytestmark = pytest.mark.kafka
PATIENCE_S = 60


@pytest.fixture
def world(postgres_server: Server, kafka: str) -> Iterator[World]:
    services = [purse_service(Mint()), teller_service]
    with World(postgres_server, services, START, {"broker": kafka}) as world:
        yield world


@pytest.fixture
def relays(world: World, servers: str) -> Iterator[tuple[Relay, Relay]]:
    dsn = world.address.dsn("purse", "reader")
    first, second = Relay("purse", dsn, servers), Relay("purse", dsn, servers)
    yield first, second
    first.close()
    second.close()


def make_safe(world: World) -> None:
    """What was told may be published."""
    while world.runtimes["purse"]._advance_watermark():
        pass


def publish_until(world: World, servers: str, crash_at: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", "tests.shared.relay_process",
         world.address.dsn("purse", "reader"), servers],
        env={**os.environ, "FORFALD_CRASH_AT": crash_at},
        timeout=PATIENCE_S, check=False, stdout=subprocess.DEVNULL,
    ).returncode  # fmt: skip


def bytes_and_numbers(records: list[Record]) -> Counter[str]:
    return Counter(repr(replace(record, offset=0)) for record in records)


@pytest.mark.parametrize(("crash_at", "times"), [("relay:sent#1", 2), ("relay:checkpointed#1", 1)])
def test_a_relay_that_dies_is_continued_with_the_same_bytes_and_numbers(
    world: World, servers: str, crash_at: str, times: int
) -> None:
    purses = [uuid4() for _ in range(10)]
    fill(world, purses * 3)
    make_safe(world)
    assert publish_until(world, servers, crash_at) == -signal.SIGKILL
    assert set(bytes_and_numbers(on_the_topic(servers)).values()) == {1}
    world.settle()
    published = bytes_and_numbers(on_the_topic(servers))
    assert len(published) == 30
    assert set(published.values()) == {times}
    assert effects(world) == everything(purses, 3)


def test_each_record_names_its_predecessor_in_its_partition(world: World, servers: str) -> None:
    fill(world, [uuid4() for _ in range(30)] * 3)
    world.settle()
    before: dict[int, int] = {}
    for record in on_the_topic(servers):
        assert record.prev_seq == before.get(record.partition, 0)
        before[record.partition] = record.seq


def test_one_relay_leads_and_the_other_takes_over(
    world: World, relays: tuple[Relay, Relay], servers: str
) -> None:
    first, second = relays
    fill(world, [uuid4()])
    make_safe(world)
    assert first.step()
    assert not second.step()
    assert (first.leads, second.leads) == (True, False)
    first.close()
    fill(world, [uuid4()])
    make_safe(world)
    assert second.step()
    assert second.leads
    assert len(on_the_topic(servers)) == 2


def test_two_relays_at_once_publish_everything_once(
    world: World, relays: tuple[Relay, Relay], servers: str
) -> None:
    done = threading.Event()

    def work(relay: Relay) -> None:
        while not done.is_set() or relay.step():
            relay.step()

    threads = [threading.Thread(target=work, args=(relay,)) for relay in relays]
    for thread in threads:
        thread.start()
    for _ in range(20):
        fill(world, [uuid4() for _ in range(5)])
        make_safe(world)
    done.set()
    for thread in threads:
        thread.join()
    assert list(bytes_and_numbers(on_the_topic(servers)).values()) == [1] * 100


def after_sending(monkeypatch: pytest.MonkeyPatch, happens: Any) -> None:
    """Once, between send and checkpoint, something happens."""
    events = [happens]

    def crash_point(name: str) -> None:
        if name == "relay:sent" and events:
            events.pop()()

    monkeypatch.setattr(relay_module, "crash_point", crash_point)


def test_a_relay_that_lost_its_session_cannot_checkpoint_and_harms_nobody(
    world: World, relays: tuple[Relay, Relay], servers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    purses = [uuid4() for _ in range(10)]
    fill(world, purses)
    make_safe(world)
    zombie, heir = relays

    def lose_the_session() -> None:
        assert zombie._session is not None
        with psycopg.connect(world.server.dsn("postgres"), autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(%s, 10000)", (zombie._session.info.backend_pid,)
            )
        assert heir.step()

    after_sending(monkeypatch, lose_the_session)
    with pytest.raises(psycopg.OperationalError):
        zombie.step()
    assert (zombie.leads, heir.leads) == (False, True)
    world.settle()
    assert set(bytes_and_numbers(on_the_topic(servers)).values()) == {2}
    assert effects(world) == everything(purses, 1)


def test_a_relay_whose_checkpoint_was_moved_resigns(
    world: World, relays: tuple[Relay, Relay], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(world, [uuid4()])
    make_safe(world)
    relay, _ = relays

    def move_the_checkpoint() -> None:
        with psycopg.connect(world.address.dsn("purse", "reader"), autocommit=True) as connection:
            connection.execute("update relay_position set position = position + 1")

    after_sending(monkeypatch, move_the_checkpoint)
    assert not relay.step()
    assert not relay.leads


def test_what_a_broker_has_lost_is_published_again_for_whoever_lacks_it(
    world: World, servers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_member, "_METADATA_MS", 200)
    purses = [uuid4() for _ in range(10)]
    fill(world, purses)
    world.settle()
    remove_topics(servers, [TOPIC])
    create_topics(servers, [TOPIC], replicas=1)
    fill(world, purses)
    while effects(world) != everything(purses, 2):
        world.settle()
    latecomer = Listener(world.runtimes["teller"], lambda record: None, of=subscriptions_of("late"))
    feed = feed_for(world, f"kafka://{servers}", latecomer)
    drain(feed)
    assert Receipt.APPLIED not in latecomer.receipts, "the beginning of each chain is lost"
    publish_again(world.address.dsn("purse", "reader"))
    world.settle()
    drain(feed)
    feed.close()
    assert Counter(latecomer.receipts)[Receipt.APPLIED] == 20
    assert set(effects(world)) == set(purses)


def test_what_is_not_safe_yet_is_not_published(
    world: World, relays: tuple[Relay, Relay], servers: str
) -> None:
    fill(world, [uuid4()])
    assert not relays[0].step()
    make_safe(world)
    assert relays[0].step()
    assert len(on_the_topic(servers)) == 1
