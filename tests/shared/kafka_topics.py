"""Empty topics for one test, made as an operator makes them."""

from __future__ import annotations

import asyncio

from aiokafka.admin import AIOKafkaAdminClient

from shared.stream.topics import create_topics


def fresh_topics(servers: str, topics: list[str]) -> None:
    asyncio.run(_delete(servers, set(topics)))
    assert create_topics(servers, topics, replicas=1) == topics


async def _delete(servers: str, topics: set[str]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        present = topics & set(await admin.list_topics())
        if present:
            await admin.delete_topics(sorted(present))
        while present & set(await admin.list_topics()):
            pass
    finally:
        await admin.close()
