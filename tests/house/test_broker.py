"""The broker's framework is used in one way only: the one that loses nothing.

Its default policies lose, skip or repeat without end when a handler fails; see the decision on it.
"""

from __future__ import annotations

import ast
from typing import Any

import pytest
from faststream import AckPolicy
from faststream.kafka.subscriber.usecase import BatchSubscriber

from shared.clock import WallClock
from shared.database import Database
from shared.eventstore.mapper import EventMapper
from shared.stream.inbox import Inbox
from shared.stream.kafka_member import Member
from shared.work import Rules
from tests.house.sources import SOURCES, nodes_of, relative
from tests.shared.toy import CoinsCounted, subscriptions


def calls_of(name: str) -> list[str]:
    """The file of each call of a method, or function, of this name."""
    return [
        relative(path)
        for path in SOURCES
        for node in nodes_of(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
    ]


@pytest.fixture
def member() -> Member:
    rules = Rules(EventMapper(CoinsCounted))
    return Member(Inbox(subscriptions, rules, Database("host=nowhere"), WallClock()), "nowhere:9")


def test_there_is_one_subscriber_and_it_is_ours() -> None:
    assert calls_of("subscriber") == ["shared/stream/kafka_member.py"]


def test_every_subscriber_leaves_positions_to_the_inbox(member: Member) -> None:
    for subscriber in subscribers(member):
        assert isinstance(subscriber, BatchSubscriber)
        assert subscriber.ack_policy is AckPolicy.MANUAL
        settings = subscriber._connection_args
        assert settings["enable_auto_commit"] is False
        assert settings["auto_offset_reset"] == "earliest"
        assert settings["isolation_level"] == "read_committed"
        assert settings["heartbeat_interval_ms"] * 3 <= settings["session_timeout_ms"]
        assert subscriber._listener is member
        assert subscriber.group_id == "teller"
        assert subscriber.topic_names == ["forfald.purse.purse.v1"]


def test_a_consumer_makes_no_topic_and_publishes_nothing(member: Member) -> None:
    config = member.broker.config.broker_config
    assert not config.allow_auto_create_topics
    assert config.consumer_only
    assert all(subscriber._no_reply for subscriber in subscribers(member))


def subscribers(member: Member) -> list[Any]:
    found = list(member.broker.subscribers)
    assert found
    return found


def test_nothing_waits_for_each_record_that_it_publishes() -> None:
    assert not calls_of("send_and_wait")
    assert not calls_of("publish")


def test_every_producer_is_idempotent_and_waits_for_all_copies() -> None:
    producers = [
        node
        for path in SOURCES
        for node in nodes_of(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "AIOKafkaProducer"
    ]
    assert len(producers) == 1
    settings = {keyword.arg: ast.unparse(keyword.value) for keyword in producers[0].keywords}
    assert settings["enable_idempotence"] == "True"
    assert settings["acks"] == "'all'"
