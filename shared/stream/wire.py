"""A record as a Kafka message: the outbox's key, headers and body, and its place beside them.

Topic, partition and offset are Kafka's own; the rest of the place (source, epoch, seq, prev_seq)
travels in four headers of ours, which a downstream reader of CloudEvents may leave unread.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shared.stream.records import Malformed, Record

_SOURCE, _EPOCH = "forfald_source", "forfald_epoch"
_SEQ, _PREV_SEQ = "forfald_seq", "forfald_prev_seq"
_PLACE = {_SOURCE, _EPOCH, _SEQ, _PREV_SEQ}
_SEQ_MAX = 2**63 - 1

Headers = list[tuple[str, bytes]]


def headers_of(record: Record) -> Headers:
    place = {
        _SOURCE: record.source,
        _EPOCH: str(record.epoch),
        _SEQ: str(record.seq),
        _PREV_SEQ: str(record.prev_seq),
    }
    return [(name, value.encode()) for name, value in {**record.headers, **place}.items()]


def record_of(
    topic: str,
    partition: int,
    offset: int,
    key: bytes | None,
    value: bytes | None,
    headers: Iterable[tuple[str, bytes | None]],
) -> Record:
    """What a relay has published. Raises Malformed where the message has no place in a chain.

    Headers that are not UTF-8 keep their bytes as escapes, to be parked and read by a person.
    """
    told = {name: (text or b"").decode("utf-8", "backslashreplace") for name, text in headers}
    try:
        source, epoch = told[_SOURCE], UUID(told[_EPOCH])
        seq, prev_seq = int(told[_SEQ]), int(told[_PREV_SEQ])
    except (KeyError, ValueError) as error:
        raise Malformed(f"place: {error!r}") from error
    if not (source.isidentifier() and 0 <= prev_seq < seq <= _SEQ_MAX):
        raise Malformed(f"place: {source!r} {seq} after {prev_seq}")
    return Record(
        source=source,
        epoch=epoch,
        topic=topic,
        partition=partition,
        seq=seq,
        prev_seq=prev_seq,
        key=key or b"",
        headers={name: text for name, text in told.items() if name not in _PLACE},
        body=value or b"",
        offset=offset,
    )
