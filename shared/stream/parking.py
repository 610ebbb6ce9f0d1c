"""Messages that were kept aside, in the hands of a person: look, replay, or skip with a reason.

A message that cannot be handled waits with all later ones of its key. Once the cause is mended the
key is replayed in its order, each message in a transaction of its own, until none is left or one
fails again. Whoever settles a message holds the inbox's row of its partition, as the inbox does when
it takes a new one: so a new one either sees the key released, or waits behind what is still parked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import structlog
from eventsourcing.persistence import IntegrityError

from shared.clock import Clock
from shared.database import UNAVAILABLE, Database, is_unavailable
from shared.failures import sentence
from shared.stream.handling import handle, work_of
from shared.stream.inbox import Unavailable
from shared.stream.records import Envelope
from shared.stream.subscriptions import Subscriptions
from shared.telemetry import span
from shared.work import Rules

_log = structlog.get_logger(__name__)
_COLUMNS = """
    parked.topic, parked.partition, parked.seq, parked.tenant_id, parked.key, parked.headers,
    parked.body, parked.error, parked.tries, parked.parked_at
"""
_WAITING = f"""
    select {_COLUMNS} from parked where consumer = %s and settled_at is null
    order by parked_at, topic, partition, seq limit %s
"""  # noqa: S608  our own columns
_ONE = f"""
    select {_COLUMNS} from parked
    where consumer = %s and topic = %s and partition = %s and seq = %s and settled_at is null
"""  # noqa: S608  our own columns
_FIRST_OF_KEY = f"""
    select {_COLUMNS} from parked
    where consumer = %s and topic = %s and partition = %s and key = %s and settled_at is null
    order by seq limit 1
"""  # noqa: S608  our own columns
# The first of each key, with how many wait behind it.
_KEYS = f"""
    select {_COLUMNS}, behind from (
        select *, row_number() over place as turn, count(*) over (place
            range between unbounded preceding and unbounded following) - 1 as behind
        from parked where consumer = %s and settled_at is null
        window place as (partition by topic, partition, key order by seq)) as parked
    where turn = 1 order by parked_at, topic, partition, seq limit %s
"""  # noqa: S608  our own columns
_LOCK = "select from inbox where consumer = %s and topic = %s and partition = %s for update"
_SETTLE = """
    update parked set settled_at = %s, settled_by = %s, settled_as = %s, reason = %s
    where consumer = %s and topic = %s and partition = %s and seq = %s and settled_at is null
"""
_FAILED = """
    update parked set error = %s, tries = tries + 1
    where consumer = %s and topic = %s and partition = %s and seq = %s and settled_at is null
"""
_decode_headers = msgspec.json.Decoder(dict[str, str]).decode


@dataclass(frozen=True, slots=True)
class Key:
    """What stays in order together, at its place."""

    topic: str
    partition: int
    key: bytes


@dataclass(frozen=True, slots=True)
class Parked:
    """A message as it came, and why it waits. Its tenant is unknown where that is unreadable."""

    key: Key
    seq: int
    tenant_id: UUID | None
    headers: dict[str, str]
    body: bytes
    error: str
    tries: int
    parked_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A key that waits: its first message, and how many stand behind it."""

    first: Parked
    behind: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many of a key's messages had their effect, and the one that failed again, if any."""

    count: int
    stopped_at: Parked | None


class Parking:
    """One service's parked messages. Every question is scoped to the tenants of who asks."""

    def __init__(
        self, subscriptions: Subscriptions, rules: Rules, database: Database, clock: Clock
    ) -> None:
        self._subscriptions = subscriptions
        self._consumer = subscriptions.consumer
        self._rules = rules
        self._database = database
        self._clock = clock

    def waiting(self, tenants: Sequence[UUID], limit: int = 200) -> list[Parked]:
        """The oldest messages that wait, those whose tenant cannot be read among them."""
        with self._database.transaction(tenants) as transaction:
            rows = transaction.raw.execute(_WAITING, (self._consumer, limit)).fetchall()
        return [_parked(row) for row in rows]

    def keys(self, tenants: Sequence[UUID], limit: int = 200) -> list[Waiting]:
        """What has to be mended: the first message of each key that waits, the oldest first."""
        with self._database.transaction(tenants) as transaction:
            rows = transaction.raw.execute(_KEYS, (self._consumer, limit)).fetchall()
        return [Waiting(_parked(row[:-1]), row[-1]) for row in rows]

    def find(self, tenants: Sequence[UUID], topic: str, partition: int, seq: int) -> Parked | None:
        """One message that waits, with its bytes."""
        with self._database.transaction(tenants) as transaction:
            place = (self._consumer, topic, partition, seq)
            row = transaction.raw.execute(_ONE, place).fetchone()
        return None if row is None else _parked(row)

    def replay(self, tenant_id: UUID, key: Key, by: str, reason: str | None = None) -> Replayed:
        """Handle a key's messages in order until none waits or one fails; safe to run again.

        Raises Unavailable, after which what was done before stays done.
        """
        count = 0
        while True:
            try:
                message = self._replay_first(tenant_id, key, by, reason)
            except _FailedAgain as again:
                failed = self._note(tenant_id, again.message, again.error)
                if failed is not None:
                    _log.warning("replay failed", consumer=self._consumer, by=by, **_place(failed))
                    return Replayed(count, failed)
                continue  # somebody has settled it meanwhile
            except (*UNAVAILABLE, IntegrityError) as unavailable:
                raise Unavailable(str(unavailable)) from unavailable
            if message is None:
                return Replayed(count, None)
            count += 1
            _log.info("replayed", consumer=self._consumer, by=by, **_place(message))

    def skip(self, tenant_id: UUID, message: Parked, by: str, reason: str) -> bool:
        """Let one message go without its effect; false if it waits no more.

        Those behind it wait on: replay the key to go on with them.
        """
        if not reason.strip():
            raise ValueError("a message is skipped for a reason")
        with self._database.transaction([tenant_id]) as transaction:
            self._lock(transaction.raw, message.key)
            settled = self._settle(transaction.raw, message, by, "skipped", reason)
        if settled:
            _log.warning("skipped", consumer=self._consumer, by=by, **_place(message))
        return settled

    def _replay_first(
        self, tenant_id: UUID, key: Key, by: str, reason: str | None
    ) -> Parked | None:
        doing = f"{self._consumer}:replay parked"
        with self._database.recording([tenant_id], doing) as transaction:
            raw = transaction.raw
            self._lock(raw, key)
            row = raw.execute(
                _FIRST_OF_KEY, (self._consumer, key.topic, key.partition, key.key)
            ).fetchone()
            if row is None:
                return None
            message = _parked(row)
            try:
                envelope = Envelope.read(message.headers)
                with span(f"replay {envelope.type_name}", envelope.traceparent) as traceparent:
                    work = work_of(self._consumer, self._rules, transaction, envelope,
                                   self._clock.now(), traceparent)  # fmt: skip
                    handle(self._subscriptions, message.body, envelope, work)
            except IntegrityError:
                raise
            except Exception as error:
                if is_unavailable(error):
                    raise
                raise _FailedAgain(message, error) from error
            self._settle(raw, message, by, "replayed", reason)
        return message

    def _note(self, tenant_id: UUID, message: Parked, error: Exception) -> Parked | None:
        """Keep the new error; None if somebody has settled the message meanwhile."""
        place = (self._consumer, message.key.topic, message.key.partition, message.seq)
        with self._database.transaction([tenant_id]) as transaction:
            transaction.raw.execute(_FAILED, (sentence(error), *place))
        return self.find([tenant_id], *place[1:])

    def _lock(self, raw: psycopg.Connection[Any], key: Key) -> None:
        raw.execute(_LOCK, (self._consumer, key.topic, key.partition))

    def _settle(
        self, raw: psycopg.Connection[Any], message: Parked, by: str, how: str, reason: str | None
    ) -> bool:
        settled = raw.execute(_SETTLE, (
            self._clock.now(), by, how, reason, self._consumer, message.key.topic,
            message.key.partition, message.seq,
        ))  # fmt: skip
        return settled.rowcount == 1


class _FailedAgain(Exception):
    def __init__(self, message: Parked, error: Exception) -> None:
        super().__init__(str(error))
        self.message = message
        self.error = error


def _parked(row: Sequence[Any]) -> Parked:
    topic, partition, seq, tenant_id, key, headers, body, error, tries, parked_at = row
    return Parked(
        Key(topic, partition, bytes(key)), seq, tenant_id, _decode_headers(headers), bytes(body),
        error, tries, parked_at,
    )  # fmt: skip


def _place(message: Parked) -> dict[str, Any]:
    return {"topic": message.key.topic, "partition": message.key.partition, "seq": message.seq}
