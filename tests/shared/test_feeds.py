"""One promise, two feeds: what holds on the embedded log holds on Apache Kafka.

Both are driven through the same services; with Kafka, a relay publishes in between.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import pytest

from shared.decider import Rejected
from shared.postgres import Server
from shared.stream import outbox
from shared.stream.broker import EMBEDDED, kafka_servers
from shared.stream.inbox import Receipt, Unavailable
from shared.stream.kafka import KafkaFeed
from shared.stream.log import LogFeed
from shared.stream.records import BODY_MAX, PARTITIONS, Record
from shared.testing.world import World
from tests.shared.feeding import (
    START,
    TENANT,
    Listener,
    drain,
    effects,
    everything,
    feed_for,
    fill,
    publish,
)
from tests.shared.toy import Mint, purse_service, teller_service

PATIENCE_S = 30


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
def broker(request: pytest.FixtureRequest) -> str:
    return EMBEDDED if request.param == "embedded" else request.getfixturevalue("kafka")


@pytest.fixture
def world(postgres_server: Server, broker: str) -> Iterator[World]:
    services = [purse_service(Mint()), teller_service]
    with World(postgres_server, services, START, {"broker": broker}) as world:
        yield world


def test_every_message_takes_effect_once_and_each_key_in_order(world: World) -> None:
    purses = [uuid4() for _ in range(40)]
    for _ in range(5):
        fill(world, purses)
    world.settle()
    assert effects(world) == everything(purses, 5)


def test_a_poisonous_message_waits_with_its_followers_while_other_keys_go_on(world: World) -> None:
    unlucky, lucky = uuid4(), [uuid4() for _ in range(20)]
    fill(world, lucky)
    fill(world, [unlucky], coins=13)
    fill(world, [unlucky, *lucky])
    world.settle()
    assert effects(world) == everything(lucky, 2)
    with world.runtimes["teller"].app.transaction([TENANT]) as transaction:
        rows = transaction.raw.execute("select key, error from parked order by seq").fetchall()
    assert rows == [
        (str(unlucky).encode(), "Rejected: thirteen coins bring bad luck"),
        (str(unlucky).encode(), "waits behind a parked message of its key"),
    ]


def test_a_consumer_that_is_stopped_in_the_middle_continues_there(
    world: World, broker: str
) -> None:
    purses = [uuid4() for _ in range(30)]
    for _ in range(4):
        fill(world, purses)
    publish(world)

    def fail_after_50(record: Record) -> None:
        if len(first.records) >= 50:
            raise Unavailable("the database is away")

    first = Listener(world.runtimes["teller"], fail_after_50)
    feed = feed_for(world, broker, first)
    while len(first.records) < 50:
        with suppress(Unavailable):
            feed.step()
    feed.close()
    second = Listener(world.runtimes["teller"])
    feed = feed_for(world, broker, second)
    drain(feed)
    feed.close()
    assert len(first.records) == 50
    assert Counter(second.receipts) == {Receipt.APPLIED: 70}
    assert effects(world) == everything(purses, 4)


def test_a_consumer_that_holds_an_old_batch_changes_nothing_with_it(
    world: World, broker: str
) -> None:
    purses = [uuid4() for _ in range(60)]
    fill(world, purses)
    fill(world, purses)
    publish(world)
    holding, released = threading.Event(), threading.Event()

    def hold(record: Record) -> None:
        holding.set()
        assert released.wait(PATIENCE_S)

    zombie, heir = Listener(world.runtimes["teller"], hold), Listener(world.runtimes["teller"])
    old, new = feed_for(world, broker, zombie), feed_for(world, broker, heir)
    at_work = threading.Thread(target=drain, args=(old,))
    at_work.start()
    assert holding.wait(PATIENCE_S)
    drain(new)
    if isinstance(new, KafkaFeed):
        assert isinstance(old, KafkaFeed)
        assert (len(old.partitions), len(new.partitions)) == (PARTITIONS // 2, PARTITIONS // 2)
    assert Counter(heir.receipts).keys() == {Receipt.APPLIED}
    released.set()
    at_work.join()
    new.close()  # on Kafka the old one now has all twelve partitions again
    fill(world, purses)
    publish(world)
    drain(old)
    while isinstance(old, KafkaFeed) and len(old.partitions) < PARTITIONS:
        drain(old)
    drain(old)
    old.close()
    of_heir = {(record.partition, record.seq) for record in heir.records}
    late = [
        receipt
        for record, receipt in zip(zombie.records, zombie.receipts, strict=True)
        if (record.partition, record.seq) in of_heir
    ]
    assert set(late) == {Receipt.DUPLICATE}
    assert effects(world) == everything(purses, 3)


def test_a_record_that_was_passed_over_shows_as_a_gap_and_is_read_again(
    world: World, broker: str
) -> None:
    purses = [uuid4() for _ in range(20)]
    for _ in range(5):
        fill(world, purses)
    publish(world)
    forgotten: list[Record] = []

    def forget_one(record: Record) -> Receipt | None:
        if forgotten or record.prev_seq == 0:
            return None
        forgotten.append(record)
        return Receipt.APPLIED

    inbox = Listener(world.runtimes["teller"], forget_one)
    feed = feed_for(world, broker, inbox)
    drain(feed)
    feed.close()
    assert Counter(inbox.receipts)[Receipt.GAP] >= 1
    assert inbox.records.count(forgotten[0]) == 2
    assert effects(world) == everything(purses, 5)


def test_a_publisher_in_another_life_stops_its_partitions_and_no_others(
    world: World, broker: str
) -> None:
    stopped, others = [uuid4() for _ in range(3)], [uuid4() for _ in range(30)]
    fill(world, stopped)
    world.settle()
    world.runtimes["teller"].feed.close()
    with world.runtimes["teller"].app.transaction([TENANT]) as transaction:
        transaction.raw.execute("update inbox set epoch = %s", (uuid4(),))
        rows = transaction.raw.execute("select partition from inbox").fetchall()
    held = {partition for (partition,) in rows}
    fill(world, others)
    publish(world)
    inbox = Listener(world.runtimes["teller"])
    feed = feed_for(world, broker, inbox)
    drain(feed)
    feed.close()
    met = {(record.partition in held, receipt) for record, receipt in
           zip(inbox.records, inbox.receipts, strict=True)}  # fmt: skip
    assert met - {(True, Receipt.DUPLICATE)} == {
        (True, Receipt.NEW_EPOCH),
        (False, Receipt.APPLIED),
    }


def test_a_record_as_large_as_one_may_be_arrives(world: World) -> None:
    purse = uuid4()
    fill(world, [purse])
    with world.runtimes["purse"].app.recording([TENANT], "a test") as transaction:
        transaction.raw.execute(
            "insert into outbox (tenant_id, event_id, topic, partition, key, headers, body)"
            " select tenant_id, gen_random_uuid(), topic, partition, key, headers,"
            " convert_to(rpad(convert_from(body, 'UTF8'), %s), 'UTF8') from outbox",
            (BODY_MAX,),
        )
    world.settle()
    assert effects(world) == {purse: [1, 1]}


def test_what_no_topic_would_take_is_refused_before_anything_is_recorded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "BODY_MAX", 10)
        with pytest.raises(Rejected, match="CoinsAdded holds more than can be told at once"):
            fill(world, [uuid4()])
    purse = uuid4()
    fill(world, [purse])
    world.settle()
    assert effects(world) == everything([purse], 1)


@pytest.mark.kafka
def test_both_feeds_bring_the_same_bytes_with_the_same_numbers(
    postgres_server: Server, kafka: str
) -> None:
    services = [purse_service(Mint()), teller_service]
    with World(postgres_server, services, START, {"broker": kafka}) as world:
        fill(world, [uuid4() for _ in range(50)] * 3)
        publish(world)
        brought = []
        for broker in (EMBEDDED, kafka):
            inbox = Listener(world.runtimes["teller"], lambda record: Receipt.APPLIED)
            feed = feed_for(world, broker, inbox)
            assert isinstance(feed, LogFeed if broker == EMBEDDED else KafkaFeed)
            drain(feed)
            feed.close()
            brought.append(
                sorted((replace(r, offset=0) for r in inbox.records), key=lambda r: r.seq)
            )
        assert len(brought[0]) == 150
        assert brought[0] == brought[1]


@pytest.mark.parametrize(
    "setting", ["", "kafka://", "kafka://host", "amqp://host:1", "kafka://a:1,b"]
)
def test_a_setting_that_names_no_broker_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="is not embedded or kafka://host:port"):
        kafka_servers(setting)


def test_a_cluster_is_named_by_some_of_its_brokers() -> None:
    assert kafka_servers("kafka://a:1,b:2") == "a:1,b:2"
    assert kafka_servers("embedded") is None
