"""Whether messages take effect exactly once and in order while everything around fails.

Two consumers work the same twelve partitions at once, as after a rebalance whose loser has not
noticed. Both jump back and ahead at random, meet records twice as after a relay's crash, and die
before or after their commits. The same run under the rule that libraries use (accept whatever is
higher than what was seen) loses messages, which shows that the test can see it.
"""

from __future__ import annotations

import random
import string
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.base import Contract
from shared.effects.intents import Due
from shared.postgres import Server
from shared.runtime import Runtime
from shared.stream import inbox as inbox_module
from shared.stream.inbox import Inbox, Receipt
from shared.stream.records import PARTITIONS, Envelope, Record, partition_of
from shared.testing.world import World
from shared.work import Work
from tests.shared.toy import COUNT, CoinsAdded, teller_service

TENANT, EPOCH = uuid4(), uuid4()
START = datetime(2026, 3, 2, tzinfo=UTC)
Log = dict[int, list[Record]]


class Crash(BaseException):
    """The process ends here: nothing after it runs."""


@pytest.fixture
def runtime(postgres_server: Server) -> Iterator[Runtime]:
    with World(postgres_server, [teller_service], START) as world:
        yield world.runtimes["teller"]


def log_of(messages: int, keys: int) -> Log:
    """Partitions of numbered records: `total` counts up within each key."""
    purses = [uuid4() for _ in range(keys)]
    totals: dict[UUID, int] = defaultdict(int)
    log: Log = {number: [] for number in range(PARTITIONS)}
    for position in range(1, messages + 1):
        purse = purses[position % keys]
        totals[purse] += 1
        key = str(purse).encode()
        records = log[partition_of(key)]
        previous = records[-1].seq if records else 0
        contract = CoinsAdded(purse_id=purse, coins=1, total=totals[purse])
        records.append(record_of(contract, key, position, previous))
    return log


def record_of(contract: Contract, key: bytes, seq: int, prev_seq: int) -> Record:
    envelope = Envelope(
        event_id=uuid4(),
        type_name=contract.type_name,
        source="/forfald/purse",
        subject=uuid4(),
        tenant_id=TENANT,
        time=START,
        version=1,
        correlation_id=uuid4(),
        causation_id=uuid4(),
        actor="user:test",
    )
    return Record(
        source="purse",
        epoch=EPOCH,
        topic=contract.topic,
        partition=partition_of(key),
        seq=seq,
        prev_seq=prev_seq,
        key=key,
        headers=envelope.headers(),
        body=contract.encoded(),
    )


class Consumer(threading.Thread):
    """Works all partitions by its own idea of where it is, which is wrong now and then."""

    def __init__(self, inbox: Inbox, log: Log, seed: int) -> None:
        super().__init__()
        self._inbox = inbox
        self._log = log
        self._chance = random.Random(seed)
        self.met: dict[Receipt, int] = defaultdict(int)

    def run(self) -> None:
        open_partitions = set(self._log)
        at = dict.fromkeys(self._log, 0)
        while open_partitions:
            partition = self._chance.choice(sorted(open_partitions))
            records = self._log[partition]
            if at[partition] >= len(records):
                at[partition] = self._place(partition)
            if at[partition] == len(records):
                open_partitions.discard(partition)
                continue
            if self._chance.random() < 0.1:
                at[partition] = max(0, at[partition] + self._chance.randint(-30, 30))
            at[partition] = self._work(partition, at[partition])

    def _work(self, partition: int, start: int) -> int:
        for record in self._log[partition][start : start + 50]:
            try:
                receipt = self._inbox.receive(record)
            except Crash:
                return self._place(partition)
            self.met[receipt] += 1
            if receipt is Receipt.GAP:
                return self._place(partition)
        return min(start + 50, len(self._log[partition]))

    def _place(self, partition: int) -> int:
        """Where the database says this partition is, as an index into its records."""
        places = self._inbox.places()
        seq = next((seq for (_, number), (seq, _) in places.items() if number == partition), 0)
        return sum(record.seq <= seq for record in self._log[partition])


def crash_now_and_then(monkeypatch: pytest.MonkeyPatch, seed: int = 7) -> None:
    chance = random.Random(seed)

    def crash_point(name: str) -> None:
        if chance.random() < 0.005:
            raise Crash(name)

    monkeypatch.setattr("shared.database.crash_point", crash_point)


def race(runtime: Runtime, log: Log, seeds: tuple[int, ...] = (1, 2)) -> list[Consumer]:
    consumers = [Consumer(runtime.inbox, log, seed) for seed in seeds]
    for consumer in consumers:
        consumer.start()
    for consumer in consumers:
        consumer.join()
    return consumers


def effects(runtime: Runtime, keys: int) -> list[list[int]]:
    """Per key, the numbers that took effect, in order."""
    with runtime.app.transaction([TENANT]) as transaction:
        rows = transaction.raw.execute(
            "select aggregate_id, body from event order by aggregate_id, version"
        ).fetchall()
    found: dict[UUID, list[int]] = defaultdict(list)
    for purse, body in rows:
        event = runtime.service.rules.mapper.event("teller.CoinsCounted.v1", bytes(body))
        found[purse].append(event.total)
    assert len(found) <= keys
    return list(found.values())


def consume_a_race(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, messages_per_key: int, seed: int = 0
) -> None:
    """Also at larger sizes by tests/soak."""
    crash_now_and_then(monkeypatch, seed)
    log = log_of(200 * messages_per_key, keys=200)
    consumers = race(runtime, log, (2 * seed + 1, 2 * seed + 2))
    assert effects(runtime, 200) == [list(range(1, messages_per_key + 1))] * 200
    assert sum(consumer.met[Receipt.GAP] for consumer in consumers) > 0
    assert sum(consumer.met[Receipt.DUPLICATE] for consumer in consumers) > 0
    assert sum(consumer.met[Receipt.PARKED] for consumer in consumers) == 0


def test_every_message_takes_effect_once_and_in_order_whatever_fails(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    consume_a_race(runtime, monkeypatch, messages_per_key=100)


def test_accepting_whatever_is_higher_loses_messages_and_this_test_sees_it(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash_now_and_then(monkeypatch)
    rule = "and seq = %(prev_seq)s"
    assert rule in inbox_module._ADVANCE
    broken = inbox_module._ADVANCE.replace(rule, "and seq < %(seq)s")
    monkeypatch.setattr(inbox_module, "_ADVANCE", broken)
    # One consumer alone: with two, the other may come by in time for what this one jumped over.
    race(runtime, log_of(2_000, keys=200), seeds=(1,))
    assert sum(map(len, effects(runtime, 200))) < 2_000


def test_a_record_from_another_life_of_the_publisher_stops_the_partition(runtime: Runtime) -> None:
    log = next(records for records in log_of(40, keys=1).values() if records)
    assert runtime.inbox.receive(log[0]) is Receipt.APPLIED
    assert runtime.inbox.receive(replace(log[1], epoch=uuid4())) is Receipt.NEW_EPOCH
    assert runtime.inbox.receive(log[1]) is Receipt.APPLIED


def test_a_message_that_nobody_knows_passes_by(runtime: Runtime) -> None:
    record = next(records for records in log_of(1, keys=1).values() if records)[0]
    unknown = {**record.headers, "ce_type": "forfald.purse.PurseStolen.v9"}
    assert runtime.inbox.receive(replace(record, headers=unknown)) is Receipt.APPLIED
    assert effects(runtime, 1) == []


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ({"body": b"\xff\xfe not json"}, "Malformed: forfald.purse.CoinsAdded.v1"),
        ({"body": b"{}"}, "Malformed: forfald.purse.CoinsAdded.v1: purse_id, coins, total"),
        ({"headers": {"ce_type": "x"}}, "Malformed: envelope: KeyError('ce_id')"),
    ],
)
def test_what_cannot_be_read_is_parked_with_its_bytes(
    runtime: Runtime, damage: dict[str, Any], reason: str
) -> None:
    record = next(records for records in log_of(1, keys=1).values() if records)[0]
    damaged = replace(record, **damage)
    assert runtime.inbox.receive(damaged) is Receipt.PARKED
    with runtime.app.transaction([TENANT]) as transaction:
        rows = transaction.raw.execute("select body, error from parked").fetchall()
    assert [bytes(body) for body, _ in rows] == [damaged.body]
    assert rows[0][1].startswith(reason)


def test_what_is_too_long_for_an_index_is_the_messages_fault_and_is_parked(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL calls it an operational error, as it does a server that is away."""

    def index_too_much(event: CoinsAdded, work: Work) -> None:
        random_text = "".join(random.Random(1).choices(string.printable.strip(), k=20_000))
        work.remind(Due("polish", random_text, runtime.clock.now()))

    handlers = {CoinsAdded.type_name: (CoinsAdded, index_too_much)}
    monkeypatch.setattr(runtime.inbox.subscriptions, "_handlers", handlers)
    record = next(records for records in log_of(1, keys=1).values() if records)[0]
    assert runtime.inbox.receive(record) is Receipt.PARKED


def test_the_rules_see_the_state_that_the_message_before_led_to(runtime: Runtime) -> None:
    for records in log_of(3, keys=1).values():
        for record in records:
            runtime.inbox.receive(record)
            purse = CoinsAdded.model_validate_json(record.body).purse_id
    coins = runtime.work(TENANT, "user:test", lambda work: work.load(COUNT, purse).state)
    assert coins == 3
