"""A member of a consumer's group: a narrow slice of FastStream, and the only file that knows it.

Every acknowledgement policy of the framework loses, skips or repeats without end when a handler
fails, because it catches whatever is raised and goes on. So it sees no error and no bytes of ours:
it brings batches of raw records and tells of rebalances; decoding, order, retry and parking are the
inbox's, and where to read on is in the consumer's own database. What is committed to Kafka is a hint
for tools that show lag, and nothing reads it here.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import threading
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import ConsumerStoppedError, IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import FAKE_CONSUMER

from shared.back_off import wait_after
from shared.stream import wire
from shared.stream.inbox import Inbox, Receipt, Unavailable
from shared.stream.places import Places, Row
from shared.stream.records import Malformed, Record

_log = structlog.get_logger(__name__)
_BATCH = 500
# When nothing has come the framework looks away for as long again.
_BATCH_TIMEOUT_MS = 50
# A topic that is made late, or anew, is found so late.
_METADATA_MS = 30_000
HEARTBEAT_MS = 3_000
_SESSION_MS = 45_000
_POLL_MAX_MS = 300_000
_GRACE_S = 15.0
_FAREWELL_S = 3.0
_HINT_S = 5.0
_BACK_OFF_S = 0.1
_BACK_OFF_MAX_S = 15.0
_OUT_OF_TURN = {Receipt.GAP, Receipt.NEW_EPOCH}


class Member(ConsumerRebalanceListener):  # type: ignore[misc]  # the client has no types
    """The async side of a feed. All of it runs in the feed's loop, save `_work` and `hurry`."""

    def __init__(
        self, inbox: Inbox, servers: str, instance: str = "", heartbeat_ms: int = HEARTBEAT_MS
    ) -> None:
        self.taken = 0
        self._inbox = inbox
        self._servers = servers
        self._hurry = threading.Event()
        self._ending = asyncio.Event()
        self._progress = asyncio.Condition()
        self._placed = False
        self._broken: KafkaError | None = None
        self._failures = 0
        self._places = Places()
        self._onlooker: Any = None
        self._hints: asyncio.Task[None] | None = None
        self._placing: asyncio.Task[None] | None = None
        self.broker = KafkaBroker(
            servers,
            consumer_only=True,
            allow_auto_create_topics=False,
            apply_types=False,
            graceful_timeout=_GRACE_S,
            metadata_max_age_ms=_METADATA_MS,
            logger=logging.getLogger(__name__),
            log_level=logging.DEBUG,
        )
        self._subscriber = self.broker.subscriber(
            *sorted(inbox.subscriptions.topics),
            group_id=inbox.consumer,
            group_instance_id=f"{inbox.consumer}-{instance}" if instance else None,
            batch=True,
            max_records=_BATCH,
            batch_timeout_ms=_BATCH_TIMEOUT_MS,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            # The sticky one keeps its state in the class: several groups in one process mix it up.
            partition_assignment_strategy=(RoundRobinPartitionAssignor,),
            session_timeout_ms=_SESSION_MS,
            heartbeat_interval_ms=heartbeat_ms,
            max_poll_interval_ms=_POLL_MAX_MS,
            listener=self,
            parser=_unread,
            decoder=_raw,
            no_reply=True,
        )
        self._subscriber(self.take)

    @property
    def _consumer(self) -> Any:
        assert self._subscriber.consumer is not None
        return self._subscriber.consumer

    @property
    def assignment(self) -> set[TopicPartition]:
        consumer = self._subscriber.consumer
        return set() if consumer is None else consumer.assignment()

    async def start(self) -> None:
        # A broker answers one connection's requests in turn, and a fetch waits for what may come:
        # whoever asks where a log ends asks on another.
        self._onlooker = AIOKafkaConsumer(bootstrap_servers=self._servers)
        await self._onlooker.start()
        await self.broker.start()
        self._getmany, self._consumer.getmany = self._consumer.getmany, self._fetch
        self._hints = asyncio.create_task(self._hint_now_and_then())

    async def stop(self) -> None:
        """In good order, or as far as a broker that does not answer lets us within some seconds."""
        self._ending.set()
        for task in (self._hints, self._placing):
            if task is not None:
                task.cancel()
        await _at_most(_FAREWELL_S, self._hint())
        await _at_most(_GRACE_S + _FAREWELL_S, self.broker.stop())
        if self._onlooker is not None:
            await _at_most(_FAREWELL_S, self._onlooker.stop())

    def hurry(self) -> None:
        """No further record is begun."""
        self._hurry.set()

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Nothing to save: what had its effect is in the database, and what had not is not."""

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Begin where the database says, whatever Kafka remembers of us; until it does, wait."""
        self._consumer.pause(*assigned)
        self._places.forget()
        if self._placing is not None:
            self._placing.cancel()
        self._placing = asyncio.create_task(self._place(assigned))

    async def _place(self, assigned: set[TopicPartition]) -> None:
        while (rows := await asyncio.to_thread(self._rows)) is None:
            self._failures += 1
            await self._back_off()
        self._failures = 0
        for place in assigned:
            self._read_on(place, self._places.begin(place, rows.get(place, (0, 0))))
        with suppress(IllegalStateError):  # no longer ours
            self._consumer.resume(*assigned)
        async with self._progress:
            self._placed = True
            self._progress.notify_all()

    def _rows(self) -> Mapping[tuple[str, int], Row] | None:
        try:
            return self._inbox.places()
        except Exception as error:  # noqa: BLE001  whatever it is, nobody else would try again
            _log.warning("place unknown", consumer=self._inbox.consumer, error=_kind(error))
            return None

    async def moved_or_at_rest(self, seen: int) -> None:
        """Return when more than `seen` was taken, or all that is on our partitions now."""
        async with self._progress:
            await self._progress.wait_for(lambda: self._placed or self._broken)
        mine = self.assignment
        ends = await self._onlooker.end_offsets(mine) if mine else {}

        def moved_or_at_rest() -> bool:
            still_mine = mine & self.assignment
            return self.taken > seen or self._places.are_at({p: ends[p] for p in still_mine})

        async with self._progress:
            await self._progress.wait_for(lambda: self._broken or moved_or_at_rest())
        if self._broken is not None:
            raise self._broken

    async def _fetch(self, **how: Any) -> dict[TopicPartition, list[Any]]:
        """What has come, for the framework. With an error is lost what it had taken before."""
        try:
            return await self._brought(how)
        except KafkaError as error:
            async with self._progress:
                self._broken = error
                self._progress.notify_all()
            raise

    async def _brought(self, how: dict[str, Any]) -> dict[TopicPartition, list[Any]]:
        try:
            found: dict[TopicPartition, list[Any]] = await self._getmany(**how)
        except (KafkaError, ConsumerStoppedError):
            raise
        except Exception as error:  # noqa: BLE001  the client's, whatever some bytes did to it
            _log.warning("unreadable", consumer=self._inbox.consumer, error=type(error).__name__)
            mine = self.assignment
            ends = await self._onlooker.end_offsets(mine)
            found = {place: await self._one_by_one(place, ends[place]) for place in mine}
            async with self._progress:
                self._progress.notify_all()
        return found

    async def _one_by_one(self, place: TopicPartition, end: int) -> list[Any]:
        """The client could not even read some record: what stands before it, or the way past it."""
        found: list[Any] = []
        self._read_on(place, self._places.read.get(place, 0))
        while len(found) < _BATCH and (offset := await self._consumer.position(place)) < end:
            try:
                one = await self._getmany(place, timeout_ms=_BATCH_TIMEOUT_MS, max_records=1)
            except KafkaError:
                raise
            except Exception as error:  # noqa: BLE001  see above
                if not found:
                    _foreign(place, offset, type(error).__name__)
                    self._read_on(place, offset + 1)
                break
            if not one:
                break
            found += one[place]
        return found

    async def take(self, messages: Sequence[Any]) -> None:
        """One batch; raises nothing, whatever comes."""
        by_place = itertools.groupby(messages, lambda m: TopicPartition(m.topic, m.partition))
        failed = False
        for place, group in by_place:
            records = list(group)
            target = records[0].offset
            if not failed:
                target, failed = await asyncio.to_thread(self._work, place, records)
            if target != records[-1].offset + 1:
                self._read_on(place, target)
            async with self._progress:
                self._places.read[place] = target
                self.taken += 1
                self._progress.notify_all()
        self._failures = self._failures + 1 if failed else 0
        if failed:
            await self._back_off()

    def _work(self, place: TopicPartition, messages: Sequence[Any]) -> tuple[int, bool]:
        """Hand records over in order, in a worker thread: where to read on, and whether we failed."""
        wanted: int | None = None  # after a gap: whose successor has to come before any other
        for message in messages:
            if self._hurry.is_set():
                return message.offset, False
            record = _record_of(message)
            if record is None or wanted not in {None, record.prev_seq}:
                continue
            if self._places.is_the_last_one(place, record.seq, record.offset):
                continue
            try:
                receipt = self._inbox.receive(record)
                if receipt in _OUT_OF_TURN:
                    _log.error("out of turn", record=str(record), receipt=receipt.value)
                    row = self._inbox.places().get(place, (0, 0))
                    target = self._places.search(place, row)
                    if target is not None:
                        return target, False
                    wanted, _ = row
                    continue
            except Unavailable as error:
                _log.warning("not now", consumer=self._inbox.consumer, error=_kind(error))
                return message.offset, True
            except Exception:  # noqa: BLE001  the inbox raises nothing else, and if it did: stop here
                _log.exception("inbox failed", consumer=self._inbox.consumer, record=str(record))
                return message.offset, True
            wanted = None
            self._places.done[place] = message.offset + 1
            if receipt is not Receipt.DUPLICATE:
                self._places.found(place)
        return messages[-1].offset + 1, False

    def _read_on(self, place: TopicPartition, offset: int) -> None:
        self._places.read[place] = offset
        with suppress(IllegalStateError):  # no longer ours
            self._consumer.seek(place, offset)

    async def _back_off(self) -> None:
        longest = wait_after(self._failures, _BACK_OFF_S, _BACK_OFF_MAX_S)
        wait = random.uniform(0, longest)  # noqa: S311  spreads members, hides nothing
        await _at_most(wait, self._ending.wait())

    async def _hint_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_HINT_S)
            await self._hint()

    async def _hint(self) -> None:
        """Tell lag tools how far we are. If it fails, they are told again."""
        if done := self._places.done_of(self.assignment):
            with suppress(KafkaError):
                await self._consumer.commit(done)


def _kind(error: Exception) -> str:
    return type(error.__cause__ or error).__name__


async def _at_most(seconds: float, doing: Awaitable[Any]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(doing, seconds)


def _record_of(message: Any) -> Record | None:
    """What a relay has published, None for anything else."""
    try:
        return wire.record_of(
            message.topic,
            message.partition,
            message.offset,
            message.key,
            message.value,
            message.headers,
        )
    except Malformed as error:
        # Not a relay's. If it was one, and was damaged, the next record shows that it is missing.
        _foreign(TopicPartition(message.topic, message.partition), message.offset, str(error))
        return None


def _foreign(place: TopicPartition, offset: int, error: str) -> None:
    where = {"topic": place.topic, "partition": place.partition, "position": offset}
    _log.error("foreign record", **where, error=error)


async def _unread(messages: tuple[Any, ...]) -> KafkaMessage:
    """The framework's own parser decodes headers, and fails where they are not UTF-8."""
    return KafkaMessage(raw_message=messages, body=b"", consumer=FAKE_CONSUMER)


async def _raw(message: KafkaMessage) -> Any:
    return message.raw_message
