"""Apache Kafka for tests: the truth that the embedded log and the mock broker are measured by.

    @pytest.mark.kafka
    def test_a_group_shares_a_topic(kafka_broker: KafkaBroker) -> None: ...

`make kafka` fetches it. Without it the tests are skipped with the reason, except where CI is
`true`: there a missing broker is a failure, since nobody reads the reasons of skipped tests.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NoReturn

import pytest

from shared.testing.kafka.broker import KafkaBroker
from shared.testing.kafka.jars import KafkaUnavailable, fetch, installed
from shared.testing.lifetime import shared_folder

__all__ = ["KafkaBroker", "KafkaUnavailable", "fetch", "installed", "kafka_broker"]


@pytest.fixture(scope="session")
def kafka_broker() -> Iterator[KafkaBroker]:
    """One broker for all workers. A test that stops or kills one starts its own in `server_folder`."""
    with shared_folder("kafka") as folder:
        try:
            broker = KafkaBroker(folder / "broker")
        except KafkaUnavailable as missing:
            do_without(str(missing))
        broker.start()
        yield broker


def do_without(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must not skip this: {reason}")
    pytest.skip(reason)
