"""The toy services: their world, and on Kafka their topics, for one test at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.postgres import Server
from shared.testing.kafka import KafkaBroker, emptied
from shared.testing.world import World
from tests.shared.feeding import TOPIC
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
    """Kafka with empty topics."""
    with emptied(kafka_broker, [TOPIC]) as servers:
        yield servers


@pytest.fixture
def kafka(servers: str) -> str:
    """The setting of that broker."""
    return f"kafka://{servers}"
