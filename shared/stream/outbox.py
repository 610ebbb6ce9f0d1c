"""What is to be told to others, written with the events that it tells of.

A row holds topic, partition, key, headers and the exact bytes, so that what was published can be
sent again byte for byte after any change of code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import msgspec

from shared.contracts.base import Contract
from shared.decider import Rejected
from shared.eventstore.events import Recorded
from shared.eventstore.rows import Rows
from shared.stream.records import BODY_MAX, Envelope, Record, partition_of

_OUTBOX = "outbox (tenant_id, event_id, topic, partition, key, headers, body)"
# Of a row `o`, what `record_of` takes. `prev_seq` is read from the rows, not from where the reader
# believes to be: a place that was moved by mistake then shows as a gap.
COLUMNS = """
    (select id from epoch), o.topic, o.partition, o.position,
    coalesce((select max(before.position) from outbox before
              where before.topic = o.topic and before.partition = o.partition
                and before.position < o.position), 0),
    o.key, o.headers, o.body
"""
_decode_headers = msgspec.json.Decoder(dict[str, str]).decode


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A contract on its way out. What has one `key` stays in order; without one, it is the aggregate's."""

    contract: Contract
    key: UUID | None = None
    effective_on: date | None = None


Telling = Contract | Outgoing
"""What others are told: the contract alone where nothing more is to be said of it."""


def addressed(
    recorded: Recorded[Any], told: Iterable[Telling]
) -> Iterator[tuple[Envelope, Outgoing]]:
    """What one own event causes, each with its envelope."""
    for index, one in enumerate(told):
        outgoing = one if isinstance(one, Outgoing) else Outgoing(one)
        yield _envelope(recorded, outgoing, index), outgoing


def _envelope(recorded: Recorded[Any], outgoing: Outgoing, index: int) -> Envelope:
    contract = outgoing.contract
    return Envelope(
        event_id=uuid5(recorded.event_id, f"{contract.type_name}:{index}"),
        type_name=contract.type_name,
        source=f"/forfald/{contract.publisher}",
        subject=recorded.aggregate_id,
        tenant_id=recorded.tenant_id,
        time=recorded.meta.recorded_at,
        version=recorded.version,
        correlation_id=recorded.meta.correlation_id,
        causation_id=recorded.event_id,
        actor=recorded.meta.actor,
        effective_on=outgoing.effective_on,
        traceparent=recorded.meta.traceparent,
    )


def rows(tenant_id: UUID, outgoing: Sequence[tuple[Envelope, Outgoing]]) -> Rows:
    """What is to be written with the events, in their order. Raises Rejected, and nothing is."""
    return Rows(_OUTBOX, [_row(tenant_id, envelope, one) for envelope, one in outgoing])


def _row(tenant_id: UUID, envelope: Envelope, outgoing: Outgoing) -> tuple[Any, ...]:
    contract, key = outgoing.contract, str(outgoing.key or envelope.subject).encode()
    return (
        tenant_id,
        envelope.event_id,
        contract.topic,
        partition_of(key),
        key,
        msgspec.json.encode(envelope.headers()),
        _fitting(contract),
    )


def _fitting(contract: Contract) -> bytes:
    """The contract's bytes. One that no topic takes would hold up the relay, and all behind it."""
    body = contract.encoded()
    if len(body) > BODY_MAX:
        name = type(contract).__name__
        raise Rejected(
            f"{name} holds more than can be told at once: do it in parts", code="too_large"
        )
    return body


def record_of(source: str, row: Sequence[Any]) -> Record:
    """A row as the record that it is on every feed."""
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
