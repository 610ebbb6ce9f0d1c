"""The embedded feed: reads the publishers' outboxes directly, no broker between.

It sees an outbox through the role `feed` and nothing else of that service. Records carry the same
bytes and the same numbers as on Kafka, go to the same inbox, and stop at the same watermark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import psycopg
import structlog

from shared.stream.inbox import Inbox, Receipt, Unavailable
from shared.stream.records import PARTITIONS, Record

_log = structlog.get_logger(__name__)
_BATCH = 500

# `prev_seq` is read from the rows, not from where the reader believes to be: a place that was
# moved by mistake then shows as a gap.
READ = """
    select (select id from epoch), o.topic, o.partition, o.position,
        coalesce((select max(before.position) from outbox before
                  where before.topic = o.topic and before.partition = o.partition
                    and before.position < o.position), 0),
        o.key, o.headers, o.body
    from unnest(%s::text[], %s::int[], %s::bigint[]) as place (topic, partition, seq)
    cross join lateral (
        select * from outbox
        where topic = place.topic and partition = place.partition and position > place.seq
          and position <= (select safe from watermark)
        order by position limit %s) o
    order by o.position limit %s
"""
_decode_headers = msgspec.json.Decoder(dict[str, str]).decode


def record_of(source: str, row: Sequence[Any]) -> Record:
    epoch, topic, partition, seq, prev_seq, key, headers, body = row
    return Record(
        source=source,
        epoch=epoch,
        topic=topic,
        partition=partition,
        seq=seq,
        prev_seq=prev_seq,
        key=bytes(key),
        headers=_decode_headers(headers),
        body=bytes(body),
    )


class LogFeed:
    """Feeds one consumer's inbox from the outboxes of the services it listens to."""

    def __init__(self, inbox: Inbox, sources: Mapping[str, str]) -> None:
        """`sources`: per publisher, the address of its database for the role `feed`."""
        self._inbox = inbox
        self._sources = {name: dsn for name, dsn in sources.items() if name in self._wanted()}
        self._connections: dict[str, psycopg.Connection[Any]] = {}
        self._places: dict[tuple[str, int], int] | None = None

    def _wanted(self) -> frozenset[str]:
        return self._inbox.subscriptions.sources

    def step(self) -> bool:
        """Take what is there now; true if anything moved. Raises Unavailable to be tried again."""
        moved = False
        for source in self._sources:
            for record in self._read(source):
                receipt = self._inbox.receive(record)
                if receipt in {Receipt.GAP, Receipt.NEW_EPOCH}:
                    _log.error("feed stopped", record=str(record), receipt=receipt.value)
                    self._places = None
                    return moved
                self._moved_to(record)
                moved = True
        return moved

    def _read(self, source: str) -> list[Record]:
        places = self._current_places()
        topics = sorted(
            c.topic for c in self._inbox.subscriptions.contracts if c.publisher == source
        )
        wanted = [(topic, n) for topic in dict.fromkeys(topics) for n in range(PARTITIONS)]
        try:
            rows = (
                self._connection(source)
                .execute(
                    READ,
                    (
                        [topic for topic, _ in wanted],
                        [n for _, n in wanted],
                        [places.get(place, 0) for place in wanted],
                        _BATCH,
                        _BATCH,
                    ),
                )
                .fetchall()
            )
        except psycopg.OperationalError as error:
            self._connections.pop(source, None)
            raise Unavailable(f"the outbox of {source} cannot be read: {error}") from error
        return [record_of(source, row) for row in rows]

    def _current_places(self) -> dict[tuple[str, int], int]:
        if self._places is None:
            self._places = {place: seq for place, (seq, _) in self._inbox.places().items()}
        return self._places

    def _moved_to(self, record: Record) -> None:
        self._current_places()[record.topic, record.partition] = record.seq

    def _connection(self, source: str) -> psycopg.Connection[Any]:
        connection = self._connections.get(source)
        if connection is None or connection.closed:
            connection = psycopg.connect(self._sources[source], autocommit=True)
            self._connections[source] = connection
        return connection

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()
