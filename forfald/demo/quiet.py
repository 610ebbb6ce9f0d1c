"""Whether everybody has come to rest, and when the next piece of work falls due.

Asked of the databases as the role `reader`: nobody needs to be trusted to say that it is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

import psycopg

from shared.provision import Address
from shared.service import Service

_BUSY: LiteralString = """
    select (select count(*) from due where done_at is null and due_at <= %(now)s
            and (leased_until is null or leased_until < now()))
         + (select count(*) from effect where state in ('intended', 'attempted', 'unknown')
            and (due_at <= %(now)s or state = 'attempted'))
         + (select case when is_called then last_value else 0 end from log_position)
         - (select safe from watermark)
         + coalesce((select (select safe from watermark) - position from projection_position
                     where (select max(position) from event
                            where position <= (select safe from watermark)) > position), 0)
"""
_NEXT: LiteralString = """
    select min(due_at) from (
        select due_at from due where done_at is null and due_at > %(now)s
        union all
        select due_at from effect
        where state in ('intended', 'attempted', 'unknown') and due_at > %(now)s) later
"""
_HEADS: LiteralString = "select topic, partition, max(position) from outbox group by 1, 2"
_PLACES: LiteralString = "select topic, partition, seq from inbox"


@dataclass
class Onlooker:
    """Watches the services of an installation from outside."""

    address: Address
    services: Mapping[str, Service]
    connections: dict[str, psycopg.Connection[Any]] = field(default_factory=dict)
    _busy_lately: str = ""

    def is_quiet(self, now: datetime) -> bool:
        """Whoever was busy when last looked at is asked first: most often it still is."""
        for name in sorted(self.services, key=lambda one: one != self._busy_lately):
            if self._busy(name, now):
                self._busy_lately = name
                return False
        heads = {name: self._rows(name, _HEADS) for name in self.services}
        return not any(self._behind(service, heads) for service in self.services.values())

    def next_due(self, now: datetime) -> datetime | None:
        """The earliest instant after now at which anybody has something to do."""
        instants = [self._one(name, _NEXT, {"now": now}) for name in self.services]
        return min((instant for instant in instants if instant is not None), default=None)

    def _busy(self, name: str, now: datetime) -> bool:
        return int(self._one(name, _BUSY, {"now": now}) or 0) > 0

    def _behind(self, service: Service, heads: Mapping[str, list[Any]]) -> bool:
        places = {(t, p): seq for t, p, seq in self._rows(service.name, _PLACES)}
        topics = service.subscriptions.topics
        return any(
            topic in topics and places.get((topic, partition), 0) < head
            for source in service.subscriptions.sources
            for topic, partition, head in heads.get(source, ())
        )

    def _one(self, name: str, query: LiteralString, values: Any) -> Any:
        return self._rows(name, query, values)[0][0]

    def _rows(self, name: str, query: LiteralString, values: Any = ()) -> list[Any]:
        connection = self.connections.get(name)
        if connection is None or connection.closed:
            dsn = self.address.dsn(name, "reader")
            connection = self.connections[name] = psycopg.connect(dsn, autocommit=True)
        return connection.execute(query, values).fetchall()

    def close(self) -> None:
        for connection in self.connections.values():
            connection.close()
