"""What the checker knows: every stored event as it stands, and the outside world's own books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from forfald.levers import Levers
from shared.provision import Address

_EVENTS = """
    select tenant_id, aggregate_id, version, position, name, body, meta, hash from event
    order by position
"""
_OUTBOX = """
    select position, topic, partition, body, headers, event_id from outbox order by position
"""
_INBOX = "select consumer, source, topic, partition, seq, applied, parked from inbox"
_EFFECTS = "select tenant_id, kind, key, state, attempts, intended_at from effect"


@dataclass(frozen=True, slots=True)
class Stored:
    """One event of one service, undecoded but for its JSON."""

    service: str
    tenant_id: UUID
    aggregate_id: UUID
    version: int
    position: int
    name: str
    body: bytes
    meta: bytes
    hash: bytes

    @property
    def fields(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode(self.body)
        return found

    @property
    def recorded_at(self) -> datetime:
        return datetime.fromisoformat(msgspec.json.decode(self.meta)["recorded_at"])


@dataclass(frozen=True, slots=True)
class Published:
    position: int
    topic: str
    partition: int
    body: bytes
    headers: bytes
    event_id: UUID

    @property
    def cause(self) -> tuple[UUID, int]:
        """Aggregate and version of the event that it tells of."""
        headers = msgspec.json.decode(self.headers)
        return UUID(headers["ce_subject"]), int(headers["ce_sequence"])

    @property
    def type_name(self) -> str:
        name: str = msgspec.json.decode(self.headers)["ce_type"]
        return name


@dataclass(frozen=True, slots=True)
class Place:
    consumer: str
    source: str
    topic: str
    partition: int
    seq: int
    applied: int
    parked: int


@dataclass(frozen=True, slots=True)
class EffectRow:
    tenant_id: UUID
    kind: str
    key: str
    state: str
    attempts: int
    intended_at: datetime


@dataclass(frozen=True)
class Facts:
    """Everything that is looked at, read once."""

    events: Mapping[str, Sequence[Stored]]
    published: Mapping[str, Sequence[Published]]
    places: Sequence[Place]
    effects: Mapping[str, Sequence[EffectRow]]
    bank: Mapping[str, Any] = field(default_factory=dict)
    ledgers: Sequence[Mapping[str, Any]] = ()
    mails: Sequence[Mapping[str, Any]] = ()
    letters: Sequence[Mapping[str, Any]] = ()
    office: Mapping[str, Any] = field(default_factory=dict)
    now: datetime | None = None

    def named(self, name: str) -> Iterator[Stored]:
        """All events of a stored name, in the order of their service's log."""
        service = name.split(".", 1)[0]
        return (event for event in self.events.get(service, ()) if event.name == name)


def read(
    address: Address,
    services: Sequence[str],
    *,
    bank_url: str = "",
    economic_url: str = "",
    mailbox_url: str = "",
    print_url: str = "",
    agency_url: str = "",
    now: datetime | None = None,
) -> Facts:
    """Read all services' stores through their role `reader`, and the books that are named."""
    events, published, effects = {}, {}, {}
    places: list[Place] = []
    for service in services:
        with psycopg.connect(address.dsn(service, "reader")) as connection:
            # One moment for all of a service's tables: a living house goes on while it is looked at.
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            events[service] = [
                Stored(service, *row[:5], *map(bytes, row[5:]))
                for row in connection.execute(_EVENTS)
            ]
            published[service] = [
                Published(row[0], row[1], row[2], bytes(row[3]), bytes(row[4]), row[5])
                for row in connection.execute(_OUTBOX)
            ]
            places += [Place(*row) for row in connection.execute(_INBOX)]
            effects[service] = [EffectRow(*row) for row in connection.execute(_EFFECTS)]
    return Facts(
        events,
        published,
        places,
        effects,
        bank=_told(bank_url, "/control/book") or {},
        ledgers=_ledgers(_told(economic_url, "/control/books") or {}),
        mails=_told(mailbox_url, "/control/mails") or (),
        letters=_told(print_url, "/control/letters") or (),
        office=_told(agency_url, "/control/office") or {},
        now=now,
    )


def _told(url: str, path: str) -> Any:
    """What stands in a simulator's book; None where no such part of the world is simulated."""
    return Levers(url).read(path) if url else None


def _ledgers(books: Any) -> list[Mapping[str, Any]]:
    if isinstance(books, Mapping):
        books = books.get("agreements", [books] if books else [])
    return list(books.values()) if isinstance(books, Mapping) else list(books)
