"""The real broker: what our client may expect of it, and that it is there when CI counts on it."""

from __future__ import annotations

import asyncio
import socket
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from aiokafka import (
    AIOKafkaConsumer,
    AIOKafkaProducer,
)
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.processes import LOOPBACK, free_port
from shared.testing.kafka import KafkaBroker, do_without, installed
from shared.testing.kafka.jars import differences

PARTITIONS = 12
PATIENCE_S = 60


async def make_topic(broker: KafkaBroker, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, PARTITIONS, replication_factor=1)])
    finally:
        await admin.close()


async def produce(broker: KafkaBroker, topic: str, values: range) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=broker.bootstrap_servers, enable_idempotence=True, acks="all"
    )
    await producer.start()
    try:
        key = "payment-{}".format
        sent = [await producer.send(topic, b"%d" % i, key=key(i % 50).encode()) for i in values]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


def member_of(broker: KafkaBroker, topic: str) -> Any:
    return AIOKafkaConsumer(
        topic,
        bootstrap_servers=broker.bootstrap_servers,
        group_id="group",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        heartbeat_interval_ms=100,  # a member hears of a rebalance with its heartbeat
    )


async def read(member: Any, count: int) -> list[tuple[bytes, int]]:
    """So many records as (key, value)."""
    records: list[tuple[bytes, int]] = []
    while len(records) < count:
        for batch in (await member.getmany(timeout_ms=1000)).values():
            records += [(record.key, int(record.value)) for record in batch]
    return records


async def until_they_have(shares: dict[Any, int]) -> None:
    while any(len(member.assignment()) != share for member, share in shares.items()):
        await asyncio.gather(*(member.getmany(timeout_ms=20) for member in shares))


def within_patience(journey: Any) -> None:
    asyncio.run(asyncio.wait_for(journey, PATIENCE_S))


@pytest.mark.kafka
def test_a_port_that_somebody_has_taken_meanwhile_is_given_up_for_another(
    kafka_broker: KafkaBroker, server_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        ports = chain([free_port(), taken.getsockname()[1]], iter(free_port, None))
        monkeypatch.setattr("shared.testing.kafka.broker.free_port", lambda: next(ports))
        with KafkaBroker(server_folder / "kafka") as broker:
            assert broker.pid() is not None
            assert broker.bootstrap_servers != kafka_broker.bootstrap_servers


@pytest.mark.kafka
def test_a_group_shares_the_partitions_and_reads_each_key_in_order(
    kafka_broker: KafkaBroker,
) -> None:
    async def journey() -> None:
        await make_topic(kafka_broker, "shared")
        await produce(kafka_broker, "shared", range(600))
        first, second = member_of(kafka_broker, "shared"), member_of(kafka_broker, "shared")
        await first.start()
        try:
            records = await read(first, 600)
            assert sorted(value for _, value in records) == list(range(600))
            for number in range(50):
                mine = [value for key, value in records if key == b"payment-%d" % number]
                assert mine == list(range(number, 600, 50))
            await second.start()
            await until_they_have({first: PARTITIONS // 2, second: PARTITIONS // 2})
            assert not first.assignment() & second.assignment()
        finally:
            await second.stop()
            await until_they_have({first: PARTITIONS})
            await first.stop()

    within_patience(journey())


@pytest.mark.kafka
def test_a_killed_broker_comes_back_with_what_it_acknowledged(
    kafka_broker: KafkaBroker, server_folder: Path
) -> None:
    async def read_all(broker: KafkaBroker) -> list[int]:
        member = member_of(broker, "kept")
        await member.start()
        try:
            return sorted(value for _, value in await read(member, 100))
        finally:
            await member.stop()

    assert kafka_broker.pid() is not None
    with KafkaBroker(server_folder / "broker") as broker:
        assert broker.bootstrap_servers != kafka_broker.bootstrap_servers
        within_patience(make_topic(broker, "kept"))
        within_patience(produce(broker, "kept", range(100)))
        address = broker.bootstrap_servers
        broker.kill()
        assert broker.pid() is None
        broker.start()
        assert broker.bootstrap_servers == address
        assert asyncio.run(asyncio.wait_for(read_all(broker), PATIENCE_S)) == list(range(100))
    assert broker.pid() is None


def test_a_jar_that_is_changed_missing_or_added_is_named(tmp_path: Path) -> None:
    (tmp_path / "same.jar").write_bytes(b"same")
    (tmp_path / "changed.jar").write_bytes(b"changed")
    (tmp_path / "added.jar").write_bytes(b"added")
    listed = """
0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5  same.jar
0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5  changed.jar
0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5  gone.jar
""".strip()
    assert differences(tmp_path, listed) == [
        "gone.jar is missing",
        "added.jar is not listed",
        "changed.jar has another content",
    ]


def test_a_missing_kafka_is_told_with_the_way_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="run `make kafka`"):
        installed(tmp_path / "kafka")


@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)]
)
def test_ci_fails_where_a_developer_skips(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no java"):
        do_without("there is no java")
