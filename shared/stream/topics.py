"""The topics of the contracts, made by an operator before anybody publishes or listens.

Neither relay nor consumer makes a topic: a broker's defaults for partitions would put a key into
another partition than everybody expects, for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import NoError, UnknownTopicOrPartitionError, for_code

from shared.contracts.base import Contract
from shared.stream.records import PARTITIONS, RECORD_MAX

T = TypeVar("T")
# An event topic is a chain, which compaction would break and a new consumer reads from its start.
_SETTINGS: Final = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "max.message.bytes": str(RECORD_MAX),
}


class WrongTopic(RuntimeError):
    """A topic exists that would map keys elsewhere, forget records or refuse them."""


def topics_of(contracts: Iterable[type[Contract]]) -> list[str]:
    return sorted({contract.topic for contract in contracts})


def create_topics(servers: str, topics: Iterable[str], replicas: int = 3) -> list[str]:
    """Make the topics that are missing and return them. Safe to run again."""
    wanted = sorted(topics)
    return _asked(servers, lambda admin: _create(admin, wanted, replicas))


def faults_of(servers: str, topics: Iterable[str]) -> list[str]:
    """What of these topics is missing or not as it has to be, in a sentence each."""
    wanted = sorted(topics)

    async def ask(admin: AIOKafkaAdminClient) -> list[str]:
        present = await _present(admin, wanted)
        missing = [f"{topic} is missing" for topic in wanted if topic not in present]
        return missing + await _wrong(admin, present)

    return _asked(servers, ask)


def remove_topics(servers: str, topics: Iterable[str]) -> None:
    """Remove them with all that they hold; those that are not there need no removing."""
    wanted = sorted(topics)

    async def remove(admin: AIOKafkaAdminClient) -> None:
        answer = await admin.delete_topics(wanted)
        for topic, code in answer.topic_error_codes:
            if code not in {NoError.errno, UnknownTopicOrPartitionError.errno}:
                raise for_code(code)(topic)
        await _until(admin, wanted, there=False)

    _asked(servers, remove)


def holding(servers: str, topics: Iterable[str]) -> list[str]:
    """Those of the topics that hold records."""
    wanted = sorted(topics)

    async def ask(admin: AIOKafkaAdminClient) -> list[str]:
        present = await _present(admin, wanted)
        if not present:
            return []
        described = await admin.describe_topics(present)
        places = [TopicPartition(topic["topic"], partition["partition"])
                  for topic in described for partition in topic["partitions"]]  # fmt: skip
        consumer = AIOKafkaConsumer(bootstrap_servers=servers)
        await consumer.start()
        try:
            first = await consumer.beginning_offsets(places)
            last = await consumer.end_offsets(places)
        finally:
            await consumer.stop()
        return sorted({place.topic for place in places if last[place] > first[place]})

    return _asked(servers, ask)


async def _create(admin: AIOKafkaAdminClient, topics: list[str], replicas: int) -> list[str]:
    present = await _present(admin, topics)
    if wrong := await _wrong(admin, present):
        raise WrongTopic("; ".join(wrong))
    missing = [topic for topic in topics if topic not in present]
    if missing:
        # One copy may be away without a write being refused, and no write rests on one copy.
        settings = _SETTINGS | {"min.insync.replicas": str(max(1, replicas - 1))}
        answer = await admin.create_topics(
            [NewTopic(t, PARTITIONS, replicas, topic_configs=settings) for t in missing]
        )
        for topic, code, *text in answer.topic_errors:
            if code:
                raise for_code(code)(f"{topic}: {' '.join(map(str, text))}")
        await _until(admin, missing, there=True)
    return missing


async def _until(admin: AIOKafkaAdminClient, topics: Sequence[str], *, there: bool) -> None:
    """Brokers hear of it a moment after the controller has said yes, and would deny it until then."""
    expected = sorted(topics) if there else []
    while await _present(admin, topics) != expected:
        pass


async def _present(admin: AIOKafkaAdminClient, topics: Sequence[str]) -> list[str]:
    return sorted(set(topics) & set(await admin.list_topics()))


async def _wrong(admin: AIOKafkaAdminClient, topics: list[str]) -> list[str]:
    if not topics:
        return []
    narrow_or_wide = [
        f"{topic['topic']} has {number} partitions, not {PARTITIONS}"
        for topic in await admin.describe_topics(topics)
        if (number := len(topic["partitions"])) != PARTITIONS
    ]
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic) for topic in topics]
    described = [
        (topic, {entry[0]: entry[1] for entry in entries})
        for answer in await admin.describe_configs(resources)
        for _, _, _, topic, entries in answer.resources
    ]
    return narrow_or_wide + [
        f"{topic}: {name} is {settings[name]}, not {value}"
        for topic, settings in described
        for name, value in _SETTINGS.items()
        if settings[name] != value
    ]


def _asked(servers: str, question: Callable[[AIOKafkaAdminClient], Awaitable[T]]) -> T:
    async def ask() -> T:
        async with _admin(servers) as admin:
            return await question(admin)

    return asyncio.run(ask())


@asynccontextmanager
async def _admin(servers: str) -> AsyncIterator[Any]:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()
