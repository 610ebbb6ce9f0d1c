"""The topics of the toy services, for one test at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.processes import one_at_a_time
from shared.testing.kafka import KafkaBroker
from tests.shared.feeding import TOPIC, fresh_topics


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
