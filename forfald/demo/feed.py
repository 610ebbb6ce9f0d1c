"""The feed that a demonstration runs on, made ready before anything else is started."""

from __future__ import annotations

from aiokafka.errors import KafkaError

from forfald.events_document.contracts import contracts
from shared.stream.broker import kafka_servers
from shared.stream.topics import WrongTopic, create_topics, holding, remove_topics, topics_of


class NotReady(RuntimeError):
    """The broker cannot be had as it has to be; the text says why, and what helps."""


def make_ready(broker: str, *, fresh_topics: bool) -> str:
    """The topics of a house that begins today; returns what there is to say of the feed.

    What another house has told there would be taken for this one's past, so it may not be there.
    """
    try:
        servers = kafka_servers(broker)
    except ValueError as error:
        raise NotReady(str(error)) from error
    if servers is None:
        return "embedded: services read each other's outboxes, durably, no broker"
    topics = topics_of(contracts())
    try:
        if fresh_topics:
            remove_topics(servers, topics)
        elif held := holding(servers, topics):
            raise NotReady(
                f"{len(held)} topics on {servers} hold the records of another house, {held[0]} among"
                " them. With --fresh-topics they are removed, and all that they hold"
            )
        create_topics(servers, topics, replicas=1)
    except (KafkaError, WrongTopic) as error:
        raise NotReady(f"Kafka at {servers}: {error}") from error
    return f"Kafka at {servers}: each service publishes its outbox there"
