"""What only Kafka can do to a consumer: foreign bytes, a log out of order, hints, absence."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import structlog
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.producer import message_accumulator, producer
from aiokafka.record import default_records
from aiokafka.structs import OffsetAndMetadata

from shared import runtime as runtime_module
from shared.clock import WallClock
from shared.postgres import EmbeddedPostgres, Server
from shared.processes import free_port
from shared.stream import kafka_member, wire
from shared.stream.inbox import Receipt, Unavailable
from shared.stream.records import Record, partition_of
from shared.stream.topics import create_topics, remove_topics
from shared.testing.world import World
from tests.shared.feeding import (
    START,
    TENANT,
    TOPIC,
    Listener,
    drain,
    effects,
    everything,
    feed_for,
    fill,
    publish,
    put,
)
from tests.shared.test_inbox import record_of
from tests.shared.toy import CoinsAdded, Mint, purse_service, teller_service

pytestmark = pytest.mark.kafka
PATIENCE_S = 20


@pytest.fixture
def world(postgres_server: Server, kafka: str) -> Iterator[World]:
    services = [purse_service(Mint()), teller_service]
    with World(postgres_server, services, START, {"broker": kafka}) as world:
        yield world


PURSE_ID = uuid4()
KEY = str(PURSE_ID).encode()
PARTITION = partition_of(KEY)


def chain(length: int) -> list[Record]:
    """The first records of a purse's partition: `total` counts up."""
    records = (
        record_of(CoinsAdded(purse_id=PURSE_ID, coins=1, total=n), KEY, n, n - 1)
        for n in range(1, length + 1)
    )
    return [replace(r, headers={**r.headers, "ce_tenantid": str(TENANT)}) for r in records]


def message(record: Record, **changes: Any) -> dict[str, Any]:
    return {
        "key": record.key, "value": record.body, "headers": wire.headers_of(record), **changes
    }  # fmt: skip


def listen(world: World, kafka: str, inbox: Listener) -> None:
    feed = feed_for(world, kafka, inbox)
    try:
        drain(feed)
    finally:
        feed.close()


def test_what_no_relay_has_sent_passes_with_an_alarm_and_stops_nobody(
    world: World, servers: str, kafka: str
) -> None:
    first, second, third = chain(3)
    damaged = [*wire.headers_of(second), ("ce_id", b"\xff\xfe")]
    put(servers, PARTITION, [
        {"value": b"\xff\x00 not ours"},
        message(first),
        {"value": None, "key": b"k", "headers": [("forfald_seq", b"\xff"), ("reply_to", b"x")]},
        message(second, headers=damaged),
        message(third, value=None),
    ])  # fmt: skip
    inbox = Listener(world.runtimes["teller"])
    with structlog.testing.capture_logs() as logs:
        listen(world, kafka, inbox)
    assert inbox.receipts == [Receipt.APPLIED, Receipt.PARKED, Receipt.PARKED]
    assert [entry["position"] for entry in logs if entry["event"] == "foreign record"] == [0, 2]
    assert effects(world) == {PURSE_ID: [1]}


def test_what_the_client_cannot_read_passes_with_an_alarm_and_stops_nobody(
    world: World, servers: str, kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = chain(3)
    put(servers, PARTITION, [message(first), message(second)])
    put_unreadable(servers, monkeypatch)
    put(servers, PARTITION, [message(third)])
    put_unreadable(servers, monkeypatch)
    inbox = Listener(world.runtimes["teller"])
    with structlog.testing.capture_logs() as logs:
        listen(world, kafka, inbox)
    assert inbox.receipts == [Receipt.APPLIED] * 3
    assert [entry["position"] for entry in logs if entry["event"] == "foreign record"] == [2, 4]


class NotUtf8(str):
    """The name of a header, which our own client would refuse to send."""

    __slots__ = ()

    def encode(self, *_: Any) -> bytes:
        return b"\xff\xfe"


def put_unreadable(servers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = default_records._DefaultRecordBatchBuilderPy  # the other takes real strings only
    with monkeypatch.context() as patch:
        patch.setattr(producer, "DefaultRecordBatchBuilder", builder)
        patch.setattr(message_accumulator, "DefaultRecordBatchBuilder", builder)
        put(servers, PARTITION, [{"value": b"x", "headers": [(NotUtf8("name"), b"x")]}])


def test_a_log_that_is_out_of_order_heals_where_the_relay_publishes_it_again(
    world: World, servers: str, kafka: str
) -> None:
    first, second, third = chain(3)
    put(servers, PARTITION, [message(r) for r in (second, third, first, second, third)])
    inbox = Listener(world.runtimes["teller"])
    listen(world, kafka, inbox)
    assert effects(world) == {PURSE_ID: [1, 2, 3]}
    assert inbox.receipts[0] is Receipt.GAP


def test_a_log_with_a_hole_has_no_effect_behind_it(world: World, servers: str, kafka: str) -> None:
    first, second, third = chain(3)
    put(servers, PARTITION, [message(first), message(third)])
    inbox = Listener(world.runtimes["teller"])
    listen(world, kafka, inbox)
    listen(world, kafka, inbox)
    assert effects(world) == {PURSE_ID: [1]}
    put(servers, PARTITION, [message(second), message(third)])
    listen(world, kafka, inbox)
    assert effects(world) == {PURSE_ID: [1, 2, 3]}


@pytest.mark.parametrize("foreign", [0, 10, 24, 40])
def test_a_topic_that_was_made_anew_is_searched_from_its_beginning(
    world: World, servers: str, kafka: str, foreign: int
) -> None:
    """Offsets begin anew there: the one that we remember may stand anywhere in it, or at its end."""
    records = [message(record) for record in chain(30)]
    put(servers, PARTITION, [{"value": b"not ours"}] * foreign + records[:3])
    listen(world, kafka, Listener(world.runtimes["teller"]))
    remove_topics(servers, [TOPIC])
    create_topics(servers, [TOPIC], replicas=1)
    put(servers, PARTITION, records[3:])
    listen(world, kafka, Listener(world.runtimes["teller"]))
    assert effects(world) == {PURSE_ID: list(range(1, 31))}


def test_until_the_database_says_where_we_are_nothing_is_read(
    world: World, servers: str, kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_member, "_BACK_OFF_MAX_S", 0.01)
    put(servers, PARTITION, [message(record) for record in chain(3)])
    asyncio.run(tell(servers, TopicPartition(TOPIC, PARTITION), 3))
    inbox = Listener(world.runtimes["teller"])
    places, failures = inbox.places, [RuntimeError("a fault of ours"), Unavailable("away")]

    def places_or_fail() -> Mapping[tuple[str, int], tuple[int, int]]:
        if failures:
            raise failures.pop()
        return places()

    monkeypatch.setattr(inbox, "places", places_or_fail)
    listen(world, kafka, inbox)
    assert effects(world) == {PURSE_ID: [1, 2, 3]}


def test_a_database_that_is_away_for_a_while_delays_and_loses_nothing(
    world: World, kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_member, "_BACK_OFF_MAX_S", 0.01)
    purses = [uuid4() for _ in range(20)]
    fill(world, purses * 3)
    publish(world)
    failures = [RuntimeError("a fault of ours"), *[Unavailable("away")] * 3]

    def fail(record: Record) -> None:
        if failures and len(inbox.records) >= 10:
            raise failures.pop()

    inbox = Listener(world.runtimes["teller"], fail)
    with structlog.testing.capture_logs() as logs:
        listen(world, kafka, inbox)
    assert Counter(entry["event"] for entry in logs)["not now"] == 3
    assert Counter(entry["event"] for entry in logs)["inbox failed"] == 1
    assert Counter(inbox.receipts) == {Receipt.APPLIED: 60}
    assert effects(world) == everything(purses, 3)


def test_kafka_is_told_where_we_are_and_not_believed(
    world: World, servers: str, kafka: str
) -> None:
    put(servers, PARTITION, [message(record) for record in chain(3)])
    place = TopicPartition(TOPIC, PARTITION)
    asyncio.run(tell(servers, place, 3))
    inbox = Listener(world.runtimes["teller"])
    listen(world, kafka, inbox)
    assert effects(world) == {PURSE_ID: [1, 2, 3]}
    asyncio.run(tell(servers, place, 0))
    put(servers, PARTITION, [message(record) for record in chain(5)[3:]])
    listen(world, kafka, inbox)
    assert inbox.receipts == [Receipt.APPLIED] * 5
    assert asyncio.run(told(servers))[place].offset == 5


async def tell(servers: str, place: TopicPartition, offset: int) -> None:
    from aiokafka import AIOKafkaConsumer

    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers, group_id="teller", enable_auto_commit=False
    )
    await consumer.start()
    try:
        consumer.assign([place])
        await consumer.commit({place: offset})
    finally:
        await consumer.stop()


async def told(servers: str) -> dict[TopicPartition, OffsetAndMetadata]:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        offsets: dict[TopicPartition, OffsetAndMetadata] = await admin.list_consumer_group_offsets(
            "teller"
        )
        return offsets
    finally:
        await admin.close()


def test_where_a_consumer_has_come_is_told_only_after_its_database_has_it(
    world: World, servers: str, kafka: str
) -> None:
    put(servers, PARTITION, [message(record) for record in chain(5)])

    def fail_at_the_third(record: Record) -> None:
        if record.seq == 3:
            raise Unavailable("the database is away")

    feed = feed_for(world, kafka, Listener(world.runtimes["teller"], fail_at_the_third))
    while not effects(world):
        feed.step()
    feed.close()
    assert effects(world) == {PURSE_ID: [1, 2]}
    assert asyncio.run(told(servers))[TopicPartition(TOPIC, PARTITION)].offset == 2


@pytest.fixture
def world_alone(server_folder: Path, kafka: str) -> Iterator[World]:
    """On a server of its own: the log waits for every transaction of a server that writes, whosever."""
    with (
        EmbeddedPostgres(server_folder / "server", durable=False) as server,
        World(server, [purse_service(Mint()), teller_service], START, {"broker": kafka}) as world,
    ):
        yield world


def test_what_comes_wakes_the_other_parts_of_the_service(
    world_alone: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second record finds every part asleep, and nobody who asks."""
    monkeypatch.setattr(runtime_module, "_IDLE_S", 3600)
    teller, stop, purse = world_alone.runtimes["teller"], threading.Event(), uuid4()
    running = threading.Thread(target=teller.run, args=(stop,))
    running.start()
    try:
        for coins in (1, 2):
            fill(world_alone, [purse])
            publish(world_alone)
            until(lambda: counted(world_alone) == [coins])  # noqa: B023  asked at once
    finally:
        stop.set()
        teller.wake()
        running.join()


def counted(world: World) -> list[int]:
    """What teller's read table shows."""
    with world.runtimes["teller"].app.transaction([TENANT]) as transaction:
        return [row[0] for row in transaction.raw.execute("select coins from read.counted")]


def until(is_so: Callable[[], bool]) -> None:
    deadline = WallClock().monotonic() + PATIENCE_S
    while not is_so():
        assert WallClock().monotonic() < deadline


def test_a_broker_that_is_away_is_said_to_be(world: World) -> None:
    feed = feed_for(world, f"kafka://127.0.0.1:{free_port()}", Listener(world.runtimes["teller"]))
    with pytest.raises(Unavailable, match=r"Kafka at 127\.0\.0\.1"):
        feed.step()
    feed.close()


def test_a_service_that_listens_to_nobody_joins_no_group(world: World, kafka: str) -> None:
    feed = feed_for(world, kafka, world.runtimes["purse"].inbox)
    assert not feed.step()
