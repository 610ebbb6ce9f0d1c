"""The topics as an operator makes them, and what is wrong with those of others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic

from shared.postgres import Server
from shared.stream.topics import WrongTopic, create_topics, faults_of, holding, topics_of
from shared.testing.world import World
from tests.shared.feeding import START, TOPIC, effects, everything, fill, publish
from tests.shared.toy import CoinsAdded, Mint, purse_service, teller_service

pytestmark = pytest.mark.kafka


@pytest.fixture
def world(postgres_server: Server, kafka: str) -> Iterator[World]:
    services = [purse_service(Mint()), teller_service]
    with World(postgres_server, services, START, {"broker": kafka}) as world:
        yield world


async def make(servers: str, topic: str, partitions: int, settings: Mapping[str, str]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, partitions, 1, topic_configs=dict(settings))])
        while topic not in await admin.list_topics():
            pass
    finally:
        await admin.close()


async def widen(servers: str, topic: str, partitions: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await admin.create_partitions({topic: NewPartitions(partitions)})
    finally:
        await admin.close()


def test_topics_are_made_once(servers: str) -> None:
    assert topics_of([CoinsAdded, CoinsAdded]) == [TOPIC]
    assert create_topics(servers, [TOPIC], replicas=1) == []
    assert faults_of(servers, [TOPIC, "forfald.nobody.v1"]) == ["forfald.nobody.v1 is missing"]


@pytest.mark.parametrize(
    ("partitions", "settings", "fault"),
    [
        (3, {}, "has 3 partitions, not 12"),
        (12, {"cleanup.policy": "compact"}, "cleanup.policy is compact, not delete"),
        (12, {"retention.ms": "604800000"}, "retention.ms is 604800000, not -1"),
        (12, {"retention.bytes": "1000000"}, "retention.bytes is 1000000, not -1"),
        (12, {"max.message.bytes": "1000"}, "max.message.bytes is 1000, not 8388608"),
    ],
)
def test_a_topic_that_would_lose_or_refuse_records_is_not_taken_over(
    servers: str, partitions: int, settings: dict[str, str], fault: str
) -> None:
    topic = f"forfald.wrong.{uuid4().hex}.v1"
    kept = {"retention.ms": "-1", "max.message.bytes": "8388608", **settings}
    asyncio.run(make(servers, topic, partitions, kept))
    with pytest.raises(WrongTopic, match=fault):
        create_topics(servers, [TOPIC, topic], replicas=1)
    assert len(faults_of(servers, [TOPIC, topic])) == 1


def test_a_topic_that_cannot_be_made_is_named(servers: str) -> None:
    with pytest.raises(Exception, match=r"forfald\.many"):
        create_topics(servers, [f"forfald.many.{uuid4().hex}.v1"], replicas=3)


def test_a_topic_that_was_widened_by_somebody_is_told_and_no_key_moves(
    world: World, servers: str
) -> None:
    purses = [uuid4() for _ in range(30)]
    assert holding(servers, [TOPIC]) == []
    fill(world, purses)
    publish(world)
    asyncio.run(widen(servers, TOPIC, 24))
    fill(world, purses)
    world.settle()
    assert effects(world) == everything(purses, 2)
    assert holding(servers, [TOPIC]) == [TOPIC]
    assert faults_of(servers, [TOPIC]) == [f"{TOPIC} has 24 partitions, not 12"]
