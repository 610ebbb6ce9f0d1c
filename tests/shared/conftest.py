"""The topics of the toy services, for one test at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.testing.kafka import KafkaBroker, emptied
from tests.shared.feeding import TOPIC


@pytest.fixture
def servers(kafka_broker: KafkaBroker) -> Iterator[str]:
    """Kafka with empty topics."""
    with emptied(kafka_broker, [TOPIC]) as servers:
        yield servers


@pytest.fixture
def kafka(servers: str) -> str:
    """The setting of that broker."""
    return f"kafka://{servers}"
