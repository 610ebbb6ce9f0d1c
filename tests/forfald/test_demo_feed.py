"""The feed of a demonstration: the embedded one, or a broker's topics that hold nobody else's past."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from forfald.demo.feed import NotReady, make_ready
from forfald.doctor import Finding, examine
from forfald.events_document.contracts import contracts
from shared.processes import free_port
from shared.settings import Settings
from shared.stream.broker import EMBEDDED
from shared.stream.topics import faults_of, holding, remove_topics, topics_of
from shared.testing.kafka import KafkaBroker, emptied
from tests.shared.feeding import put

TOPICS = topics_of(contracts())


@pytest.fixture
def servers(kafka_broker: KafkaBroker) -> Iterator[str]:
    with emptied(kafka_broker, TOPICS) as servers:
        yield servers


def findings_on_topics(broker: str) -> list[Finding]:
    nowhere = {
        "postgres_host": "127.0.0.1",
        "postgres_port": "1",
        "postgres_secret": "made by chance" * 3,
    }
    found = examine(Settings({**nowhere, "broker": broker}))
    return [finding for finding in found if "roker" in finding.what or "topics" in finding.what]


def test_without_a_broker_it_says_that_there_is_none() -> None:
    assert "no broker" in make_ready(EMBEDDED, fresh_topics=False)
    assert findings_on_topics(EMBEDDED) == []


@pytest.mark.parametrize(
    ("broker", "why"),
    [
        ("amqp://host:1", "is not embedded or kafka://host:port"),
        (f"kafka://127.0.0.1:{free_port()}", "Unable to bootstrap"),
    ],
    ids=["no address of one", "nobody listens"],
)
def test_a_broker_that_cannot_be_had_is_said_to_be_one(broker: str, why: str) -> None:
    with pytest.raises(NotReady, match=why):
        make_ready(broker, fresh_topics=False)
    assert len(findings_on_topics(broker)) == 1
    assert findings_on_topics(broker)[0].mend


@pytest.mark.kafka
def test_the_topics_are_made_where_they_are_missing(servers: str) -> None:
    remove_topics(servers, TOPICS)
    (missing,) = findings_on_topics(f"kafka://{servers}")
    assert "forfald.payments.payment.v1 is missing" in missing.mend
    assert servers in make_ready(f"kafka://{servers}", fresh_topics=False)
    assert faults_of(servers, TOPICS) == []
    assert [finding.mend for finding in findings_on_topics(f"kafka://{servers}")] == [""]


@pytest.mark.kafka
def test_what_another_house_has_told_is_not_taken_for_this_ones_past(servers: str) -> None:
    put(servers, 0, [{"value": b"told by somebody else"}], TOPICS[3])
    with pytest.raises(NotReady, match=f"hold the records of another house, {TOPICS[3]} among"):
        make_ready(f"kafka://{servers}", fresh_topics=False)
    assert holding(servers, TOPICS) == [TOPICS[3]]
    make_ready(f"kafka://{servers}", fresh_topics=True)
    assert holding(servers, TOPICS) == []
