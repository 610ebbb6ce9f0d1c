"""A record on a topic and the envelope that it travels in (CloudEvents 1.0, binary mode).

`seq` and `prev_seq` chain the records of one topic and partition, so that a consumer can prove that
it missed nothing: `seq` is the record's log position at its publisher, `prev_seq` that of the
record before it in the same partition (0 for the first). Both follow from position order and the
fixed partition map alone, so a relay that crashes publishes the very same numbers again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from aiokafka.partitioner import murmur2

PARTITIONS = 12
# What the largest record may take, with all of its headers; topics and relays are set to it.
RECORD_MAX = 8 * 2**20
BODY_MAX = RECORD_MAX - 64 * 2**10


def partition_of(key: bytes) -> int:
    """The partition of a key: Java's and aiokafka's default (murmur2), fixed for ever."""
    return int((murmur2(key) & 0x7FFFFFFF) % PARTITIONS)


@dataclass(frozen=True, slots=True)
class Record:
    """One published event as its bytes, with its place in the stream."""

    source: str
    epoch: UUID
    topic: str
    partition: int
    seq: int
    prev_seq: int
    key: bytes
    headers: Mapping[str, str]
    body: bytes
    offset: int = 0

    def __str__(self) -> str:
        return f"{self.topic}[{self.partition}] {self.seq} after {self.prev_seq}"


class Malformed(ValueError):
    """A record whose envelope or body cannot be read; the text names the part."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known of an event without reading it. `time` is business time."""

    event_id: UUID
    type_name: str
    source: str
    subject: UUID
    tenant_id: UUID
    time: datetime
    version: int
    correlation_id: UUID
    causation_id: UUID
    actor: str
    effective_on: date | None = None
    traceparent: str | None = None

    def headers(self) -> dict[str, str]:
        headers = {
            "ce_specversion": "1.0",
            "ce_id": str(self.event_id),
            "ce_type": self.type_name,
            "ce_source": self.source,
            "ce_subject": str(self.subject),
            "ce_time": self.time.isoformat(),
            "ce_tenantid": str(self.tenant_id),
            "ce_sequence": str(self.version),
            "ce_correlationid": str(self.correlation_id),
            "ce_causationid": str(self.causation_id),
            "ce_actor": self.actor,
            "content-type": "application/json",
        }
        if self.effective_on is not None:
            headers["ce_effectiveon"] = self.effective_on.isoformat()
        if self.traceparent is not None:
            headers["traceparent"] = self.traceparent
        return headers

    @classmethod
    def read(cls, headers: Mapping[str, str]) -> Envelope:
        """Raises Malformed where an attribute that every event carries is missing or unreadable."""
        try:
            effective_on = headers.get("ce_effectiveon")
            return cls(
                event_id=UUID(headers["ce_id"]),
                type_name=headers["ce_type"],
                source=headers["ce_source"],
                subject=UUID(headers["ce_subject"]),
                tenant_id=UUID(headers["ce_tenantid"]),
                time=datetime.fromisoformat(headers["ce_time"]),
                version=int(headers["ce_sequence"]),
                correlation_id=UUID(headers["ce_correlationid"]),
                causation_id=UUID(headers["ce_causationid"]),
                actor=headers["ce_actor"],
                effective_on=date.fromisoformat(effective_on) if effective_on else None,
                traceparent=headers.get("traceparent"),
            )
        except (KeyError, ValueError) as error:
            raise Malformed(f"envelope: {error!r}") from error
