"""The toy services: their world, and on Kafka their topics, for one test at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.postgres import Server
from shared.processes import one_at_a_time
from shared.testing.kafka import KafkaBroker
from shared.testing.world import World
from tests.shared.feeding import TOPIC, fresh_topics
from tests.shared.toy import MORNING, Mint, purse_service, teller_service


@pytest.fixture
def mint() -> Mint:
    return Mint()


@pytest.fixture
def world(postgres_server: Server, mint: Mint) -> Iterator[World]:
    with World(postgres_server, [purse_service(mint), teller_service], MORNING) as world:
        yield world


@pytest.fixture
def servers(kafka_broker: KafkaBroker) -> Iterator[str]:
    """Kafka with empty topics. Their names are fixed, so one test at a time has them."""
    with one_at_a_time(kafka_broker.folder / "topics.lock"):
        fresh_topics(kafka_broker.bootstrap_servers, [TOPIC])
        yield kafka_broker.bootstrap_servers


@pytest.fixture
def kafka(servers: str) -> str:
    """The setting of that broker."""
    return f"kafka://{servers}"
