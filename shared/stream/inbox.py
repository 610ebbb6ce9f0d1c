"""The inbox: each message takes effect exactly once, in order, or is kept aside with its reason.

A consumer's row per topic and partition says how far it has come, and moves only from the
predecessor that the record itself names, in the transaction of the effects. So a duplicate is
dropped, a zombie loses all it did, and a record that is missing shows as a gap instead of passing.
A message that cannot be handled is parked together with all later ones of its key; other keys go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import structlog
from eventsourcing.persistence import IntegrityError, OperationalError
from pydantic import ValidationError

from shared.clock import Clock
from shared.contracts.base import Contract
from shared.database import Database
from shared.eventstore.recorder import SCOPE, scope
from shared.faults import crash_point
from shared.stream.records import Envelope, Malformed, Record
from shared.stream.subscriptions import Handler, Subscriptions
from shared.telemetry import span
from shared.telemetry.metrics import MESSAGES
from shared.work import Cause, Rules, Work

_log = structlog.get_logger(__name__)
_TRIES = 3
_NOBODY = UUID(int=0)

_ADVANCE = """
    update inbox set seq = %(seq)s, next_offset = %(offset)s + 1,
        applied = applied + %(applied)s, parked = parked + %(parked)s
    where consumer = %(consumer)s and topic = %(topic)s and partition = %(partition)s
      and epoch = %(epoch)s and seq = %(prev_seq)s
"""
_BEGIN = """
    insert into inbox (consumer, source, epoch, topic, partition, seq, next_offset, applied, parked)
    values (%(consumer)s, %(source)s, %(epoch)s, %(topic)s, %(partition)s, %(seq)s,
            %(offset)s + 1, %(applied)s, %(parked)s)
    on conflict do nothing
"""
_PLACE = """
    select epoch, seq, next_offset from inbox
    where consumer = %s and topic = %s and partition = %s
"""
_PLACES = "select topic, partition, seq, next_offset from inbox where consumer = %s"
_BEHIND_PARKED = """
    select exists (select from parked where consumer = %s and topic = %s and partition = %s
                   and key = %s and settled_at is null)
"""
_PARK = """
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


class Unavailable(Exception):  # noqa: N818  a state of the world
    """The database cannot be asked just now: nothing has been decided, try the record again."""


class _NotNext(Exception):  # noqa: N818  carries the answer out of the transaction
    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.value)
        self.receipt = receipt


class Inbox:
    """One consuming service's way in. `receive` is called by the feeds and raises Unavailable only."""

    def __init__(
        self, subscriptions: Subscriptions, rules: Rules, database: Database, clock: Clock
    ) -> None:
        self.subscriptions = subscriptions
        self.consumer = subscriptions.consumer
        self._rules = rules
        self._database = database
        self._clock = clock

    def places(self) -> Mapping[tuple[str, int], tuple[int, int]]:
        """Per topic and partition: the last sequence number, and the next Kafka offset."""
        with self._database.connection() as transaction:
            rows = transaction.raw.execute(_PLACES, (self.consumer,)).fetchall()
        return {(topic, partition): (seq, offset) for topic, partition, seq, offset in rows}

    def receive(self, record: Record) -> Receipt:
        """Apply a record in its turn, or park it, or say why it is not its turn."""
        receipt = self._receive(record)
        MESSAGES.labels(self.consumer, receipt.value).inc()
        return receipt

    def _receive(self, record: Record) -> Receipt:
        error: Exception
        for _ in range(_TRIES):
            try:
                return self._apply(record)
            except _NotNext as answer:
                return answer.receipt
            except IntegrityError as conflict:
                error = conflict  # another command was quicker: decide again on what is there now
            except (psycopg.OperationalError, OperationalError) as unavailable:
                raise Unavailable(str(unavailable)) from unavailable
            except Exception as poison:  # noqa: BLE001  whatever a handler raises, nothing is lost
                error = poison
        if isinstance(error, IntegrityError):
            raise Unavailable(str(error)) from error
        return self._park(record, error)

    def _apply(self, record: Record) -> Receipt:
        envelope = Envelope.read(record.headers)
        found = self.subscriptions.find(envelope.type_name)
        with (
            span(_name(found), envelope.traceparent) as traceparent,
            self._database.connection() as transaction,
        ):
            if self._open(transaction.raw, record, envelope.tenant_id):
                transaction.raw.rollback()
                return self._park(record, None)
            if found is not None:
                cause = Cause(
                    f"service:{self.consumer}",
                    envelope.correlation_id,
                    envelope.event_id,
                    traceparent,
                )
                work = Work(self._rules, transaction, envelope.tenant_id, self._clock.now(), cause)
                _handle(found, record, work)
            crash_point("inbox:before-commit")
            transaction.commit()
            crash_point("inbox:after-commit")
        return Receipt.APPLIED

    def _open(self, raw: psycopg.Connection[Any], record: Record, tenant_id: UUID) -> bool:
        """Begin, scope and advance in one round trip; whether an earlier one of its key waits."""
        with raw.pipeline():
            raw.execute(SCOPE, scope([tenant_id]))
            behind = raw.execute(
                _BEHIND_PARKED, (self.consumer, record.topic, record.partition, record.key)
            )
            advanced = raw.execute(_ADVANCE, self._facts(record, parked=False))
        self._expect_next(raw, record, advanced.rowcount, parked=False)
        row = behind.fetchone()
        return bool(row and row[0])

    def _facts(self, record: Record, *, parked: bool) -> dict[str, Any]:
        return {
            "consumer": self.consumer,
            "source": record.source,
            "epoch": record.epoch,
            "topic": record.topic,
            "partition": record.partition,
            "seq": record.seq,
            "prev_seq": record.prev_seq,
            "offset": record.offset,
            "applied": int(not parked),
            "parked": int(parked),
        }

    def _expect_next(
        self, raw: psycopg.Connection[Any], record: Record, advanced: int, *, parked: bool
    ) -> None:
        """Raise what the record is, if it is not the next of its partition."""
        if advanced == 1:
            return
        if record.prev_seq == 0:
            begun = raw.execute(_BEGIN, self._facts(record, parked=parked))
            if begun.rowcount == 1:
                return
        row = raw.execute(_PLACE, (self.consumer, record.topic, record.partition)).fetchone()
        epoch, seq = (record.epoch, 0) if row is None else row[:2]
        if epoch != record.epoch:
            raise _NotNext(Receipt.NEW_EPOCH)
        raise _NotNext(Receipt.DUPLICATE if record.seq <= seq else Receipt.GAP)

    def _park(self, record: Record, error: Exception | None) -> Receipt:
        tenant_id = _tenant_of(record)
        reason = "waits behind a parked message of its key" if error is None else _sentence(error)
        kind = "none" if error is None else type(error).__name__
        try:
            with self._database.transaction([tenant_id or _NOBODY]) as transaction:
                raw = transaction.raw
                advanced = raw.execute(_ADVANCE, self._facts(record, parked=True))
                self._expect_next(raw, record, advanced.rowcount, parked=True)
                raw.execute(_PARK, {
                    "consumer": self.consumer, "topic": record.topic,
                    "partition": record.partition, "seq": record.seq, "tenant_id": tenant_id,
                    "key": record.key, "headers": msgspec.json.encode(record.headers),
                    "body": record.body, "error": reason, "tries": _TRIES if error else 0,
                    "parked_at": self._clock.now(),
                })  # fmt: skip
        except _NotNext as answer:
            return answer.receipt
        except psycopg.OperationalError as unavailable:
            raise Unavailable(str(unavailable)) from unavailable
        _log.warning("parked", consumer=self.consumer, record=str(record), error=kind)
        return Receipt.PARKED


def _name(found: tuple[type[Contract], Handler[Any]] | None) -> str:
    return "on an event that passes by" if found is None else f"on {found[0].type_name}"


def _handle(found: tuple[type[Contract], Handler[Any]], record: Record, work: Work) -> None:
    contract, handler = found
    try:
        event = contract.model_validate_json(record.body)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        raise Malformed(f"{contract.type_name}: {fields or 'not readable'}") from error
    handler(event, work)


def _tenant_of(record: Record) -> UUID | None:
    try:
        return Envelope.read(record.headers).tenant_id
    except Malformed:
        return None


def _sentence(error: Exception) -> str:
    """The error as its kind and text; bodies stay out of it, since they may hold what is sealed."""
    return f"{type(error).__name__}: {error}"[:2000]
