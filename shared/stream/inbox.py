"""The inbox: each message takes effect exactly once, in order, or is kept aside with its reason.

A consumer's row per topic and partition says how far it has come, and moves only from the
predecessor that the record itself names, in the transaction of the effects. So a duplicate is
dropped, a zombie loses all it did, and a record that is missing shows as a gap instead of passing.
A message that cannot be handled is parked together with all later ones of its key; other keys go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import structlog

from shared.clock import Clock
from shared.contracts.base import Contract
from shared.database import UNAVAILABLE, Database, is_overtaken, is_unavailable
from shared.failures import sentence
from shared.stream.handling import handle, tenant_of, work_of
from shared.stream.records import Envelope, Record
from shared.stream.subscriptions import Handler, Subscriptions
from shared.telemetry import span
from shared.telemetry.metrics import MESSAGES
from shared.work import Rules

_log = structlog.get_logger(__name__)
_TRIES = 3
_NOBODY = UUID(int=0)

_ADVANCE = """
    update inbox set seq = %(seq)s, next_offset = %(offset)s + 1, applied = applied + 1
    where consumer = %(consumer)s and topic = %(topic)s and partition = %(partition)s
      and epoch = %(epoch)s and seq = %(prev_seq)s
"""
_BEGIN = """
    insert into inbox (consumer, source, epoch, topic, partition, seq, next_offset, applied)
    values (%(consumer)s, %(source)s, %(epoch)s, %(topic)s, %(partition)s, %(seq)s,
            %(offset)s + 1, 1)
    on conflict do nothing
"""
_PLACE = """
    select epoch, seq from inbox
    where consumer = %s and topic = %s and partition = %s
"""
_PLACES = "select topic, partition, seq, next_offset from inbox where consumer = %s"
_BEHIND_PARKED = """
    select exists (select from parked where consumer = %s and topic = %s and partition = %s
                   and key = %s and settled_at is null)
"""
# The record has been counted as applied when the row advanced.
_PARK = """
    with counted as (
        update inbox set applied = applied - 1, parked = parked + 1
        where consumer = %(consumer)s and topic = %(topic)s and partition = %(partition)s)
    insert into parked (consumer, topic, partition, seq, tenant_id, key, headers, body, error,
                        tries, parked_at)
    values (%(consumer)s, %(topic)s, %(partition)s, %(seq)s, %(tenant_id)s, %(key)s, %(headers)s,
            %(body)s, %(error)s, %(tries)s, %(parked_at)s)
"""


class Receipt(Enum):
    APPLIED = "applied"
    PARKED = "parked"
    DUPLICATE = "duplicate"
    GAP = "gap"
    NEW_EPOCH = "new epoch"


class Unavailable(Exception):
    """The database cannot be asked just now: nothing has been decided, try the record again."""


class _NotNext(Exception):
    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.value)
        self.receipt = receipt


class Inbox:
    """One consuming service's way in. `receive` is called by the feeds and raises Unavailable only."""

    def __init__(
        self,
        subscriptions: Subscriptions,
        rules: Rules,
        database: Database,
        clock: Clock,
        applied: Callable[[], None] = lambda: None,
    ) -> None:
        """`applied` is called whenever a record has had its effect."""
        self.subscriptions = subscriptions
        self.consumer = subscriptions.consumer
        self._rules = rules
        self._database = database
        self._clock = clock
        self._applied = applied

    def places(self) -> Mapping[tuple[str, int], tuple[int, int]]:
        """Per topic and partition: the last sequence number, and the next Kafka offset."""
        try:
            with self._database.connection() as transaction:
                rows = transaction.raw.execute(_PLACES, (self.consumer,)).fetchall()
        except UNAVAILABLE as unavailable:
            raise Unavailable(str(unavailable)) from unavailable
        return {(topic, partition): (seq, offset) for topic, partition, seq, offset in rows}

    def receive(self, record: Record) -> Receipt:
        """Apply a record in its turn, or park it, or say why it is not its turn."""
        receipt = self._receive(record)
        MESSAGES.labels(self.consumer, receipt.value).inc()
        if receipt is Receipt.APPLIED:
            self._applied()
        return receipt

    def _receive(self, record: Record) -> Receipt:
        error: Exception
        for _ in range(_TRIES):
            try:
                return self._apply(record)
            except _NotNext as answer:
                return answer.receipt
            except Exception as fault:
                # Whatever a handler raises, nothing is lost.
                if is_unavailable(fault) and not is_overtaken(fault):
                    raise Unavailable(str(fault)) from fault
                error = fault
        if is_overtaken(error):
            raise Unavailable(str(error)) from error
        return self._park(record, error)

    def _apply(self, record: Record) -> Receipt:
        envelope = Envelope.read(record.headers)
        with (
            span(
                _name(self.subscriptions.find(envelope.type_name)), envelope.traceparent
            ) as traceparent,
            self._database.recording(
                [envelope.tenant_id], f"{self.consumer}:on {envelope.type_name}"
            ) as transaction,
        ):
            behind = self._open(transaction.raw, record)
            if behind:
                self._put_aside(transaction.raw, record, envelope.tenant_id, None)
            else:
                work = work_of(self.consumer, self._rules, transaction, envelope,
                               self._clock.now(), traceparent)  # fmt: skip
                handle(self.subscriptions, record.body, envelope, work)
        return Receipt.PARKED if behind else Receipt.APPLIED

    def _open(self, raw: psycopg.Connection[Any], record: Record) -> bool:
        """Advance; whether an earlier one of its key waits.

        Asked after the advance, which locks the row: whoever settles a parked message holds that
        lock too, so that none is put behind a message that has just been released.
        """
        advanced = raw.execute(_ADVANCE, self._facts(record))
        self._expect_next(raw, record, advanced.rowcount)
        row = raw.execute(
            _BEHIND_PARKED, (self.consumer, record.topic, record.partition, record.key)
        ).fetchone()
        return bool(row and row[0])

    def _facts(self, record: Record) -> dict[str, Any]:
        return {
            "consumer": self.consumer,
            "source": record.source,
            "epoch": record.epoch,
            "topic": record.topic,
            "partition": record.partition,
            "seq": record.seq,
            "prev_seq": record.prev_seq,
            "offset": record.offset,
        }

    def _expect_next(self, raw: psycopg.Connection[Any], record: Record, advanced: int) -> None:
        """Raise what the record is, if it is not the next of its partition."""
        if advanced == 1:
            return
        if record.prev_seq == 0:
            begun = raw.execute(_BEGIN, self._facts(record))
            if begun.rowcount == 1:
                return
        row = raw.execute(_PLACE, (self.consumer, record.topic, record.partition)).fetchone()
        epoch, seq = (record.epoch, 0) if row is None else row
        if epoch != record.epoch:
            raise _NotNext(Receipt.NEW_EPOCH)
        raise _NotNext(Receipt.DUPLICATE if record.seq <= seq else Receipt.GAP)

    def _park(self, record: Record, error: Exception) -> Receipt:
        tenant_id = tenant_of(record)
        try:
            doing = f"{self.consumer}:park"
            with self._database.transaction([tenant_id or _NOBODY], doing) as transaction:
                advanced = transaction.raw.execute(_ADVANCE, self._facts(record))
                self._expect_next(transaction.raw, record, advanced.rowcount)
                self._put_aside(transaction.raw, record, tenant_id, error)
        except _NotNext as answer:
            return answer.receipt
        except UNAVAILABLE as unavailable:
            raise Unavailable(str(unavailable)) from unavailable
        return Receipt.PARKED

    def _put_aside(
        self,
        raw: psycopg.Connection[Any],
        record: Record,
        tenant_id: UUID | None,
        error: Exception | None,
    ) -> None:
        reason = "waits behind a parked message of its key" if error is None else sentence(error)
        raw.execute(_PARK, {
            "consumer": self.consumer, "topic": record.topic,
            "partition": record.partition, "seq": record.seq, "tenant_id": tenant_id,
            "key": record.key, "headers": msgspec.json.encode(record.headers),
            "body": record.body, "error": reason, "tries": _TRIES if error else 0,
            "parked_at": self._clock.now(),
        })  # fmt: skip
        kind = "none" if error is None else type(error).__name__
        _log.warning("parked", consumer=self.consumer, record=str(record), error=kind)


def _name(found: tuple[type[Contract], Handler[Any]] | None) -> str:
    return "on an event that passes by" if found is None else f"on {found[0].type_name}"
