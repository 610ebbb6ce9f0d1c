"""From the outbox to the topics, in position order, by one leader per service.

The leader holds an advisory lock on the session with which it reads the outbox and checkpoints, so
that a lost session loses all three together. Numbers follow from the outbox alone: whoever publishes
a row again, after a crash or as a leader that does not know of its end yet, publishes the same
record, and consumers drop it.

What a consumer rests on: the predecessor of a record stands somewhere before it in the partition.
Every leader begins at or before the checkpoint, below which everything was acknowledged, and sends
in order. Only a send that fails between others can break this, and is repaired by its repetition.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg
import structlog
from aiokafka import AIOKafkaProducer

from shared.faults import crash_point
from shared.stream import wire
from shared.stream.loop import LoopThread
from shared.stream.outbox import COLUMNS, record_of
from shared.stream.records import RECORD_MAX, Record

_log = structlog.get_logger(__name__)
_WINDOW = 500
_PATIENCE_S = 30.0
_FAREWELL_S = 3.0
_LEAD = "select pg_try_advisory_lock(hashtext('relay'))"
_PLACE = "select position from relay_position"
_READ = f"""
    select {COLUMNS} from outbox o
    where position > %s and position <= (select safe from watermark)
    order by position limit {_WINDOW}
"""  # noqa: S608  our own columns
_GO_BACK = "update relay_position set position = %s where position > %s"
_CHECKPOINT = "update relay_position set position = %s where position = %s"


class Relay:
    """Publishes one service's outbox, if it is the leader. Not for use by two threads at once."""

    def __init__(self, source: str, reader_dsn: str, servers: str) -> None:
        self._source = source
        self._dsn = reader_dsn
        self._servers = servers
        self._session: psycopg.Connection[Any] | None = None
        self._position: int | None = None
        self._loop: LoopThread | None = None
        self._producer: Any = None

    @property
    def leads(self) -> bool:
        return self._position is not None

    def step(self) -> bool:
        """Publish the next window; true if there was one. Any error leaves the lead to the quickest."""
        try:
            return self._step()
        except BaseException:
            self._resign()
            raise

    def _step(self) -> bool:
        session, position = self._lead()
        if position is None:
            return False
        rows = session.execute(_READ, (position,)).fetchall()
        if not rows:
            return self._is_wanted_again(session, position)
        records = [record_of(self._source, row) for row in rows]
        self._publish(records)
        crash_point("relay:sent")
        reached = records[-1].seq
        if session.execute(_CHECKPOINT, (reached, position)).rowcount == 0:
            _log.error("another relay has moved the checkpoint", service=self._source)
            self._resign()
            return False
        crash_point("relay:checkpointed")
        self._position = reached
        return True

    def _is_wanted_again(self, session: psycopg.Connection[Any], position: int) -> bool:
        """Whether somebody has moved the checkpoint, so that there is something to publish."""
        moved = bool(_value(session, _PLACE) != position)
        if moved:
            self._resign()
        return moved

    def _lead(self) -> tuple[psycopg.Connection[Any], int | None]:
        """The session and, where it is the leader's, how far everything has been acknowledged."""
        if self._session is None:
            self._session = psycopg.connect(self._dsn, autocommit=True)
        if self._position is None and _value(self._session, _LEAD):
            self._position = _value(self._session, _PLACE)
            _log.info("relay leads", service=self._source, position=self._position)
        return self._session, self._position

    def _resign(self) -> None:
        """Forget everything: a producer that has failed may refuse all that comes after."""
        self._position = None
        if self._session is not None:
            self._session.close()
            self._session = None
        loop, producer = self._loop, self._producer
        self._loop = self._producer = None
        if loop is not None:
            try:
                if producer is not None:
                    loop.call(_end(producer))
            finally:
                loop.close()

    def _publish(self, records: Sequence[Record]) -> None:
        if self._loop is None:
            self._loop = LoopThread(f"relay of {self._source}")
        self._loop.call(self._send(records))

    async def _send(self, records: Sequence[Record]) -> None:
        """All in order, then wait for all: a partition's batches go out one after the other."""
        if self._producer is None:
            self._producer = AIOKafkaProducer(
                bootstrap_servers=self._servers,
                enable_idempotence=True,
                acks="all",
                linger_ms=5,
                max_request_size=RECORD_MAX,
            )
            await self._producer.start()
        sent = [
            await self._producer.send(
                record.topic,
                record.body,
                key=record.key,
                partition=record.partition,
                headers=wire.headers_of(record),
            )
            for record in records
        ]
        # Left alone, an idempotent producer waits for ever for a broker that is away.
        await asyncio.wait_for(asyncio.gather(*sent), _PATIENCE_S)

    def close(self) -> None:
        self._resign()


def publish_again(reader_dsn: str, after: int = 0) -> None:
    """What a broker has lost: whoever leads goes back to a position. Consumers drop what they had."""
    with psycopg.connect(reader_dsn) as connection:
        connection.execute(_GO_BACK, (after, after))


async def _end(producer: Any) -> None:
    """What it still holds is not acknowledged and is published again by whoever leads next."""
    with suppress(TimeoutError):
        await asyncio.wait_for(producer.stop(), _FAREWELL_S)


def _value(session: psycopg.Connection[Any], query: str) -> Any:
    found = session.execute(query).fetchone()
    assert found is not None
    return found[0]
