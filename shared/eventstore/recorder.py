"""The `eventsourcing` library's recorder interfaces on our table.

An append takes no table lock and sends no NOTIFY. It takes its transaction id before its first
position, which is what the watermark rests on; the primary key refuses a second event of the same
version; and the hash chain refuses a hole. Tracking is not here: positions belong to the inbox.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)
from psycopg import sql

from shared.eventstore.chain import BEGINNING, link
from shared.eventstore.rows import Rows, write
from shared.eventstore.watermark import Watermark

SCOPE = "select set_config('app.tenants', %s, true)"
# The transaction id is taken here, before any position: see shared/eventstore/watermark.py.
RECORD = f"{SCOPE}, pg_current_xact_id()"
BEGIN = b"begin"
EVENT = "event (tenant_id, aggregate_id, version, name, body, meta, hash)"
_LAST_HASH = """
    select hash from event where tenant_id = %s and aggregate_id = %s and version = %s
"""


def scope(tenants: Sequence[UUID]) -> tuple[str]:
    """The parameter of SCOPE and RECORD: the tenants that the rest of the transaction may see."""
    return ("{" + ",".join(map(str, tenants)) + "}",)


def begin(tenants: Sequence[UUID], what: str = SCOPE) -> bytes:
    """BEGIN with SCOPE or RECORD as one message, for a connection that is in no transaction.

    The scope is spelled out, since a message of several statements takes no parameters; it consists
    of UUIDs, so there is nothing to escape.
    """
    (allowed,) = scope(tenants)
    return f"begin; {what}".replace("%s", f"'{allowed}'").encode()


def insert(
    connection: psycopg.Connection[Any],
    tenant_id: UUID,
    stored: Sequence[StoredEvent],
    metas: Sequence[bytes],
    chain: MutableMapping[UUID, bytes],
    beside: Sequence[Rows] = (),
) -> list[int]:
    """Insert events inside the caller's transaction and return their log positions.

    `chain` holds the last hash of each stream and is moved on. `beside` are rows of other tables
    that go with the events in the same statement. Raises IntegrityError where another writer has
    taken the version.
    """
    events = Rows(EVENT, rows_of(tenant_id, stored, metas, chain))
    try:
        found = write(connection, events, beside, returning="position")
        return [position for (position,) in found]
    except psycopg.errors.UniqueViolation as error:
        if error.diag.table_name != "event":
            raise
        raise IntegrityError("another writer recorded this version first") from error


def rows_of(
    tenant_id: UUID,
    stored: Sequence[StoredEvent],
    metas: Sequence[bytes],
    chain: MutableMapping[UUID, bytes],
) -> list[tuple[Any, ...]]:
    """Events as rows of EVENT, linked to what `chain` holds, which is moved on."""
    rows: list[tuple[Any, ...]] = []
    for event, meta in zip(stored, metas, strict=True):
        aggregate_id = uuid_of(event)
        chain[aggregate_id] = link(
            chain[aggregate_id], tenant_id, aggregate_id, event.originator_version,
            event.topic, meta, event.state,
        )  # fmt: skip
        rows.append((
            tenant_id, aggregate_id, event.originator_version, event.topic, event.state, meta,
            chain[aggregate_id],
        ))  # fmt: skip
    return rows


class EventRecorder(ApplicationRecorder):
    """Records events, in the caller's transaction or in one of its own.

    With `dsn` and `tenant_id` it stands alone, as the library's own code uses it; without, each
    call brings its connection, tenant, metas and chain, as `shared.work` does.
    """

    def __init__(
        self,
        dsn: str = "",
        tenant_id: UUID | None = None,
        watermark: Watermark | None = None,
    ) -> None:
        self._dsn = dsn
        self._tenant_id = tenant_id
        self._watermark = watermark

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Connection[Any]]:
        assert self._tenant_id is not None, "this recorder works in its caller's transactions"
        with psycopg.connect(self._dsn) as connection:
            connection.execute(RECORD, scope([self._tenant_id]))
            yield connection

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Any:
        """Positions of the inserted events, or None for none.

        Keywords: those of `insert`, or none of them.
        """
        if not stored_events:
            return None
        if kwargs:
            return insert(stored=stored_events, **kwargs)
        with self._transaction() as connection:
            assert self._tenant_id is not None
            return insert(
                connection,
                self._tenant_id,
                stored_events,
                [b"{}"] * len(stored_events),
                self._last_hashes(connection, stored_events),
            )

    def _last_hashes(
        self, connection: psycopg.Connection[Any], stored_events: Sequence[StoredEvent]
    ) -> dict[UUID, bytes]:
        firsts: dict[UUID, int] = {}
        for event in stored_events:
            firsts.setdefault(uuid_of(event), event.originator_version)
        chain = {}
        for aggregate_id, first in firsts.items():
            row = connection.execute(
                _LAST_HASH, (self._tenant_id, aggregate_id, first - 1)
            ).fetchone()
            if row is None and first > 1:
                raise IntegrityError(f"version {first} would leave a hole before it")
            chain[aggregate_id] = BEGINNING if row is None else row[0]
        return chain

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        query = sql.SQL(
            "select version, name, body from event where tenant_id = %s and aggregate_id = %s"
            " and version > %s and version <= %s order by version {order} limit %s"
        ).format(order=sql.SQL("desc" if desc else "asc"))
        bounds = (-1 if gt is None else gt, 2**62 if lte is None else lte)
        with self._transaction() as connection:
            rows = connection.execute(
                query, (self._tenant_id, originator_id, *bounds, limit)
            ).fetchall()
        return [StoredEvent(originator_id, version, name, body) for version, name, body in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = -1 if start is None else start - inclusive_of_start
        assert self._watermark is not None
        until = min(self._watermark.advance(), 2**62 if stop is None else stop)
        with self._transaction() as connection:
            rows = connection.execute(
                "select position, aggregate_id, version, name, body from event"
                " where tenant_id = %s and position > %s and position <= %s"
                " and (%s::text[] = '{}' or name = any(%s)) order by position limit %s",
                (self._tenant_id, after, until, list(topics), list(topics), limit),
            ).fetchall()
        return [
            Notification(aggregate_id, version, name, body, id=position)
            for position, aggregate_id, version, name, body in rows
        ]

    def max_notification_id(self) -> int | None:
        with self._transaction() as connection:
            row = connection.execute(
                "select max(position) from event where tenant_id = %s", (self._tenant_id,)
            ).fetchone()
        return None if row is None else row[0]

    def subscribe(
        self,
        gt: int | None = None,  # noqa: ARG002  the library's signature
        topics: Sequence[str] = (),  # noqa: ARG002  likewise
    ) -> Subscription[ApplicationRecorder]:
        """Not offered: a lost NOTIFY would block for ever. Followers poll below the watermark."""
        raise NotSupported("follow the log through shared.projecting or shared.stream")


class NotSupported(Exception):
    """A part of the library's interface that this house does otherwise."""


def uuid_of(event: StoredEvent) -> UUID:
    """The event's stream: the library lets it be a text."""
    identifier = event.originator_id
    return identifier if isinstance(identifier, UUID) else UUID(identifier)
