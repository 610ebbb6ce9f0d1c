"""Apache Kafka for tests: the truth that the embedded log and the mock broker are measured by.

    @pytest.mark.kafka
    def test_a_group_shares_a_topic(kafka_broker: KafkaBroker) -> None: ...

`make kafka` fetches it. Without it the tests are skipped with the reason, except where CI is
`true`: there a missing broker is a failure, since nobody reads the reasons of skipped tests.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import pytest

from shared.processes import one_at_a_time
from shared.stream.topics import create_topics, remove_topics
from shared.testing.kafka.broker import KafkaBroker
from shared.testing.kafka.jars import KafkaUnavailable, fetch, installed
from shared.testing.lifetime import shared_folder

__all__ = [
    "KafkaBroker", "KafkaUnavailable", "emptied", "fetch", "installed", "kafka_broker",
]  # fmt: skip


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


@contextmanager
def emptied(broker: KafkaBroker, topics: Sequence[str]) -> Iterator[str]:
    """The broker's address, with these topics made anew.

    Their names are fixed, so one test at a time has them.
    """
    with one_at_a_time(broker.folder / f"{topics[0]}.lock"):
        remove_topics(broker.bootstrap_servers, topics)
        assert create_topics(broker.bootstrap_servers, topics, replicas=1) == sorted(topics)
        yield broker.bootstrap_servers


def do_without(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must not skip this: {reason}")
    pytest.skip(reason)
