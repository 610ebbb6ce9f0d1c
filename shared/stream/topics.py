"""The topics of the contracts, made by an operator before anybody publishes or listens.

Neither relay nor consumer makes a topic: a broker's defaults for partitions would put a key into
another partition than everybody expects, for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import for_code

from shared.contracts.base import Contract
from shared.stream.records import PARTITIONS

# An event topic is a chain, which compaction would break and a new consumer reads from its start.
_SETTINGS = {"cleanup.policy": "delete", "retention.ms": "-1"}


class WrongTopic(RuntimeError):
    """A topic exists with other partitions than keys are mapped to; only a new one can help."""


def topics_of(contracts: Iterable[type[Contract]]) -> list[str]:
    return sorted({contract.topic for contract in contracts})


def create_topics(servers: str, topics: Iterable[str], replicas: int = 3) -> list[str]:
    """Make the topics that are missing and return them. Safe to run again."""
    return asyncio.run(_create(servers, sorted(topics), replicas))


async def _create(servers: str, topics: list[str], replicas: int) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        present = set(await admin.list_topics())
        for topic in await admin.describe_topics(sorted(present & set(topics))):
            if len(topic["partitions"]) != PARTITIONS:
                raise WrongTopic(
                    f"{topic['topic']} has {len(topic['partitions'])} partitions, not {PARTITIONS}"
                )
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
        return missing
    finally:
        await admin.close()
