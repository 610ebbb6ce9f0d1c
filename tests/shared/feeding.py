"""What the tests of the feeds share: purses that tell, a teller that listens, topics in between."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.database import Database
from shared.runtime import Runtime
from shared.stream import wire
from shared.stream.broker import Feed, feed_of, kafka_servers
from shared.stream.inbox import Inbox, Receipt
from shared.stream.kafka import KafkaFeed
from shared.stream.records import PARTITIONS, Record
from shared.stream.subscriptions import Subscriptions
from shared.testing.world import World
from tests.shared.toy import PURSE, CoinsAdded, FillPurse

START = datetime(2026, 3, 2, tzinfo=UTC)
TENANT = uuid4()
TOPIC = CoinsAdded.topic
SOON_MS = 100  # a member hears of a rebalance with its heartbeat


def fill(world: World, purses: list[UUID], coins: int = 1) -> None:
    for purse in purses:
        world.work(
            "purse", TENANT, lambda work, purse=purse: work.execute(PURSE, purse, FillPurse(coins))
        )


def publish(world: World) -> None:
    """Everything that purse has told is on its way, and nobody has listened yet."""
    purse = world.runtimes["purse"]
    parts = [part for part in purse.parts if part.name in {"watermark", "relay"}]
    while sum(part.step() for part in parts):
        pass


def effects(world: World) -> dict[UUID, list[int]]:
    """Per purse, the totals that teller has counted, in the order in which it did."""
    teller = world.runtimes["teller"]
    with teller.app.transaction([TENANT]) as transaction:
        rows = transaction.raw.execute(
            "select aggregate_id, body from event order by aggregate_id, version"
        ).fetchall()
    found: dict[UUID, list[int]] = defaultdict(list)
    for purse, body in rows:
        found[purse].append(teller.service.rules.mapper.event("teller.CoinsCounted.v1", body).total)
    return dict(found)


def everything(purses: list[UUID], times: int) -> dict[UUID, list[int]]:
    return {purse: list(range(1, times + 1)) for purse in purses}


class Listener(Inbox):
    """Teller's inbox, which remembers what it was given and does first what a test wants."""

    def __init__(
        self,
        runtime: Runtime,
        first: Callable[[Record], Any] = lambda record: None,
        of: Subscriptions | None = None,
    ) -> None:
        service = runtime.service
        super().__init__(of or service.subscriptions, service.rules, runtime.app, runtime.clock)
        self.records: list[Record] = []
        self.receipts: list[Receipt] = []
        self._first = first

    def receive(self, record: Record) -> Receipt:
        receipt = self._first(record) or super().receive(record)
        self.records.append(record)
        self.receipts.append(receipt)
        return receipt


def feed_for(world: World, broker: str, inbox: Inbox, instance: str = "") -> Feed:
    outboxes = {"purse": Database(world.address.dsn("purse", "feed"))}
    feed = feed_of(kafka_servers(broker), inbox, outboxes, instance)
    if isinstance(feed, KafkaFeed):
        feed._heartbeat_ms = SOON_MS
    return feed


def drain(feed: Feed) -> None:
    while feed.step():
        pass


def on_the_topic(servers: str) -> list[Record]:
    """Everything that was published, per partition in its order."""
    return asyncio.run(_read(servers))


async def _read(servers: str) -> list[Record]:
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
        consumer.assign(places)
        await consumer.seek_to_beginning()
        ends = await consumer.end_offsets(places)
        found: list[Record] = []
        while len(found) < sum(ends.values()):
            for messages in (await consumer.getmany(timeout_ms=500)).values():
                found += [
                    wire.record_of(m.topic, m.partition, m.offset, m.key, m.value, m.headers)
                    for m in messages
                ]
        return sorted(found, key=lambda record: (record.partition, record.offset))
    finally:
        await consumer.stop()


def put(servers: str, partition: int, messages: list[dict[str, Any]], topic: str = TOPIC) -> None:
    """Messages as anybody may write them, one after the other."""
    asyncio.run(_put(servers, topic, partition, messages))


async def _put(servers: str, topic: str, partition: int, messages: list[dict[str, Any]]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=servers)
    await producer.start()
    try:
        for message in messages:
            await producer.send_and_wait(topic, partition=partition, **message)
    finally:
        await producer.stop()
