"""Death and absence: a consumer that is killed, a client that has failed, a broker that is away."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import CorruptRecordException

from shared.postgres import Server
from shared.stream import kafka_member
from shared.stream import relay as relay_module
from shared.stream.inbox import Unavailable
from shared.stream.topics import create_topics
from shared.testing.kafka import KafkaBroker
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
    publish,
)
from tests.shared.toy import Mint, purse_service, subscriptions_of, teller_service

pytestmark = pytest.mark.kafka
SERVICES = [purse_service(Mint()), teller_service]
PATIENCE_S = 20
HELD_UP_S = 1
# A group of its own: who has a name stays a member after a farewell too, for as long as the dead.
CLERK = subscriptions_of("clerk")


@pytest.fixture
def world(postgres_server: Server, kafka: str) -> Iterator[World]:
    with World(postgres_server, SERVICES, START, {"broker": kafka}) as world:
        yield world


def test_a_consumer_with_a_name_is_back_at_once_after_its_death(
    world: World, servers: str, kafka: str
) -> None:
    """Without one the group waits three quarters of a minute for the dead."""
    purses = [uuid4() for _ in range(20)]
    fill(world, purses)
    publish(world)
    command = [sys.executable, "-m", "tests.shared.feed_process"]
    arguments = [world.address.dsn("teller", "app"), servers, CLERK.consumer, "one"]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "joined\n"
        process.kill()
    fill(world, purses)
    publish(world)
    feed = feed_for(world, kafka, Listener(world.runtimes["teller"], of=CLERK), instance="one")
    ends(at_work(lambda: drain(feed)))
    feed.close()
    assert effects(world) == everything(purses, 2)


def test_what_a_failing_client_had_taken_is_read_again_by_the_next(
    world: World, kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    purses = [uuid4() for _ in range(20)]
    fill(world, purses)
    publish(world)
    getmany = AIOKafkaConsumer.getmany
    lost: list[Any] = []

    async def lose_the_first(*place: Any, **how: Any) -> Any:
        found = await getmany(*place, **how)
        if found and not lost:
            lost.append(found)
            raise CorruptRecordException
        return found

    monkeypatch.setattr(AIOKafkaConsumer, "getmany", lose_the_first)
    feed = feed_for(world, kafka, Listener(world.runtimes["teller"]))
    with pytest.raises(Unavailable, match="CorruptRecord"):
        drain(feed)
    drain(feed)
    feed.close()
    assert lost
    assert effects(world) == everything(purses, 1)


def test_while_the_broker_is_away_services_end_in_good_order_and_nothing_is_lost(
    postgres_server: Server, server_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (kafka_member, relay_module):
        monkeypatch.setattr(module, "_FAREWELL_S", 0.5)
    purses = [uuid4() for _ in range(20)]
    with KafkaBroker(server_folder / "broker") as broker:
        create_topics(broker.bootstrap_servers, [TOPIC], replicas=1)
        settings = {"broker": f"kafka://{broker.bootstrap_servers}", "instance": "one"}
        with World(postgres_server, SERVICES, START, settings) as world:
            fill(world, purses)
            world.settle()
            broker.kill()
            fill(world, purses)
            publishing = at_work(lambda: publish(world))
            publishing.join(HELD_UP_S)
            relay = world.runtimes["purse"].relay
            assert publishing.is_alive()
            assert relay is not None
            ends(at_work(relay.close))
            ends(publishing)
            ends(at_work(world.runtimes["teller"].feed.close))
            assert effects(world) == everything(purses, 1)
            broker.start()
            world.settle()
            assert effects(world) == everything(purses, 2)


def at_work(doing: Callable[[], object]) -> threading.Thread:
    def do() -> None:
        with suppress(Exception):
            doing()

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    return thread


def ends(work: threading.Thread) -> None:
    work.join(PATIENCE_S)
    assert not work.is_alive()
