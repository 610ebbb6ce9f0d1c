"""The Kafka feed: a narrow slice of FastStream, and the only file that knows it.

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
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import structlog
from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import FAKE_CONSUMER

from shared.stream import wire
from shared.stream.inbox import Inbox, Receipt, Unavailable
from shared.stream.loop import LoopThread
from shared.stream.records import Malformed

_log = structlog.get_logger(__name__)
_BATCH = 500
_BATCH_TIMEOUT_MS = 200
_HEARTBEAT_MS = 3_000
_SESSION_MS = 45_000
_POLL_MAX_MS = 300_000
_GRACE_S = 15.0
_HINT_S = 5.0
_BACK_OFF_S = 0.1
_BACK_OFF_MAX_S = 15.0
_STEP_S = 5.0


class KafkaFeed:
    """Feeds one consumer's inbox from the topics that it listens to, as a member of its group."""

    def __init__(self, inbox: Inbox, servers: str, heartbeat_ms: int = _HEARTBEAT_MS) -> None:
        self._inbox = inbox
        self._servers = servers
        self._heartbeat_ms = heartbeat_ms
        self._loop: LoopThread | None = None
        self._member: Member | None = None
        self._seen = 0

    def step(self) -> bool:
        """Join, then wait until something was taken or nothing is left; true if anything was.

        The records come by themselves: this only looks on. Raises Unavailable to be tried again.
        """
        if not self._inbox.subscriptions.topics:
            return False
        try:
            loop, member = self._joined()
            with suppress(TimeoutError):
                loop.call(asyncio.wait_for(member.moved_or_at_rest(self._seen), _STEP_S))
        except (KafkaError, OSError) as error:
            raise Unavailable(f"Kafka at {self._servers}: {error!r}") from error
        before, self._seen = self._seen, member.taken
        return self._seen > before

    @property
    def partitions(self) -> frozenset[tuple[str, int]]:
        """The topics and partitions that the group has given to this member."""
        return frozenset() if self._member is None else frozenset(self._member.assignment)

    def _joined(self) -> tuple[LoopThread, Member]:
        if self._loop is None or self._member is None:
            loop = LoopThread(f"feed of {self._inbox.consumer}")
            member = Member(self._inbox, self._servers, self._heartbeat_ms)
            try:
                loop.call(member.start())
            except BaseException:
                loop.call(member.stop())
                loop.close()
                raise
            self._loop, self._member, self._seen = loop, member, 0
        return self._loop, self._member

    def close(self) -> None:
        """Finish the record at hand, leave the group, and tell it where the others go on."""
        if self._loop is not None and self._member is not None:
            self._member.hurry()
            self._loop.call(self._member.stop())
            self._loop.close()
        self._loop = self._member = None


class Member(ConsumerRebalanceListener):  # type: ignore[misc]  # the client has no types
    """The async side of a feed. All of it runs in the feed's loop, save `_work` and `hurry`."""

    def __init__(self, inbox: Inbox, servers: str, heartbeat_ms: int = _HEARTBEAT_MS) -> None:
        self.taken = 0
        self._inbox = inbox
        self._hurry = threading.Event()
        self._ending = asyncio.Event()
        self._joined = asyncio.Event()
        self._progress = asyncio.Condition()
        self._failures = 0
        self._next: dict[TopicPartition, int] = {}  # the offset up to which we have read
        self._done: dict[TopicPartition, int] = {}  # and up to which it had its effect
        self._returned: dict[TopicPartition, tuple[int, int]] = {}
        self._hints: asyncio.Task[None] | None = None
        self.broker = KafkaBroker(
            servers,
            consumer_only=True,
            allow_auto_create_topics=False,
            apply_types=False,
            graceful_timeout=_GRACE_S,
            logger=logging.getLogger(__name__),
            log_level=logging.DEBUG,
        )
        self._subscriber = self.broker.subscriber(
            *sorted(inbox.subscriptions.topics),
            group_id=inbox.consumer,
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
        await self.broker.start()
        self._hints = asyncio.create_task(self._hint_now_and_then())

    async def stop(self) -> None:
        self._ending.set()
        if self._hints is not None:
            self._hints.cancel()
            await self._hint()
        await self.broker.stop()

    def hurry(self) -> None:
        """No further record is begun."""
        self._hurry.set()

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Nothing to save: what had its effect is in the database, and what had not is not."""

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Begin where the database says, whatever Kafka remembers of us."""
        self._returned.clear()
        self._consumer.pause(*assigned)
        try:
            places = await asyncio.to_thread(self._inbox.places)
        except Unavailable as error:
            # Kafka's hint then; if it is ahead, the first record shows as a gap.
            _log.warning("place unknown", consumer=self._inbox.consumer, error=str(error))
        else:
            for place in assigned:
                self._read_on(place, places.get(place, (0, 0))[1])
        with suppress(IllegalStateError):  # no longer ours
            self._consumer.resume(*assigned)
        self._joined.set()

    async def moved_or_at_rest(self, seen: int) -> None:
        """Return when more than `seen` was taken, or all that is on our partitions now."""
        await self._joined.wait()
        mine = self.assignment
        ends = await self._consumer.end_offsets(mine) if mine else {}
        async with self._progress:
            await self._progress.wait_for(
                lambda: (
                    self.taken > seen
                    or all(self._next.get(p, -1) >= ends[p] for p in mine & self.assignment)
                )
            )

    async def take(self, messages: Sequence[Any]) -> None:
        """One batch; raises nothing, whatever comes."""
        failed = False
        by_place = itertools.groupby(messages, lambda m: TopicPartition(m.topic, m.partition))
        for place, group in by_place:
            records = list(group)
            target = records[0].offset
            if not failed:
                target, failed = await asyncio.to_thread(self._work, place, records)
            if target != records[-1].offset + 1:
                self._read_on(place, target)
            async with self._progress:
                self._next[place] = target
                self.taken += 1
                self._progress.notify_all()
        self._failures = self._failures + 1 if failed else 0
        if failed:
            await self._back_off()

    def _work(self, place: TopicPartition, messages: Sequence[Any]) -> tuple[int, bool]:
        """Hand records over in order, in a worker thread: where to read on, and whether we failed."""
        for message in messages:
            if self._hurry.is_set():
                return message.offset, False
            try:
                target = self._receive(place, message)
            except Unavailable as error:
                _log.warning("not now", consumer=self._inbox.consumer, error=str(error))
                return message.offset, True
            except Exception:  # noqa: BLE001  the inbox raises nothing else, and if it did: stop here
                _log.exception("inbox failed", consumer=self._inbox.consumer, place=str(place))
                return message.offset, True
            if target is not None:
                return target, False
        return messages[-1].offset + 1, False

    def _receive(self, place: TopicPartition, message: Any) -> int | None:
        """Where to read on, if not at the next record."""
        try:
            record = wire.record_of(
                message.topic,
                message.partition,
                message.offset,
                message.key,
                message.value,
                message.headers,
            )
        except Malformed as error:
            # Not a relay's. If it was one, and was damaged, the next record shows that it is missing.
            _log.error("foreign record", place=str(place), offset=message.offset, error=str(error))
            return None
        receipt = self._inbox.receive(record)
        if receipt in {Receipt.GAP, Receipt.NEW_EPOCH}:
            _log.error("out of turn", record=str(record), receipt=receipt.value)
            return self._return_to_row(place)
        self._done[place] = message.offset + 1
        if receipt is not Receipt.DUPLICATE:
            self._returned.pop(place, None)
        return None

    def _return_to_row(self, place: TopicPartition) -> int | None:
        """The offset in the row, or None if we have just come from there.

        Then what is missing is not between there and here, and only a relay that publishes it again
        can help: behind us on the log, so we read on, with no effect until it comes.
        """
        row = self._inbox.places().get(place, (0, 0))
        if self._returned.get(place) == row:
            return None
        self._returned[place] = row
        return row[1]

    def _read_on(self, place: TopicPartition, offset: int) -> None:
        self._next[place] = offset
        with suppress(IllegalStateError):  # no longer ours
            self._consumer.seek(place, offset)

    async def _back_off(self) -> None:
        longest = min(_BACK_OFF_MAX_S, _BACK_OFF_S * 2**self._failures)
        wait = random.uniform(0, longest)  # noqa: S311  spreads members, hides nothing
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), wait)

    async def _hint_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_HINT_S)
            await self._hint()

    async def _hint(self) -> None:
        """Tell lag tools how far we are. If it fails, they are told again."""
        done = {place: offset for place, offset in self._done.items() if place in self.assignment}
        if done:
            with suppress(KafkaError):
                await self._consumer.commit(done)


async def _unread(messages: tuple[Any, ...]) -> KafkaMessage:
    """The framework's own parser decodes headers, and fails where they are not UTF-8."""
    return KafkaMessage(raw_message=messages, body=b"", consumer=FAKE_CONSUMER)


async def _raw(message: KafkaMessage) -> Any:
    return message.raw_message
