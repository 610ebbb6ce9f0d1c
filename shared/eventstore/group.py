"""Group commit: what many callers append at the same time is written and made durable once.

One committer per process gathers appends while the transaction before them commits, so a group is
as large as the load is, and nobody waits for a timer. Where the database refuses a group, its
members are tried one by one: only those that are at fault are refused.

For what needs no answer from the database in between (imports, due-date runs): the caller knows the
versions and hashes that it appends after.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Self
from uuid import UUID

import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent

from shared.eventstore.plain import say
from shared.eventstore.recorder import EVENT, RECORD, begin, rows_of, uuid_of

_MOST = 500  # members of one transaction
# One text for groups of every size, so that the server prepares it once.
_INSERT = f"""
    insert into {EVENT}
    select tenant_id, aggregate_id, version, name, body, meta, hash
    from unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::text[], %s::bytea[], %s::bytea[],
                %s::bytea[]) with ordinality
        as row (tenant_id, aggregate_id, version, name, body, meta, hash, number)
    order by number returning position
""".encode()  # noqa: S608  texts of our own code


@dataclass(frozen=True, slots=True)
class Append:
    """Events of one stream, recorded together or not at all. `last_hash` is the one before them."""

    tenant_id: UUID
    events: Sequence[StoredEvent]
    metas: Sequence[bytes]
    last_hash: bytes

    def rows(self) -> list[tuple[Any, ...]]:
        chain = dict.fromkeys((uuid_of(event) for event in self.events), self.last_hash)
        assert len(chain) == 1, "an append is to one stream"
        return rows_of(self.tenant_id, self.events, self.metas, chain)


@dataclass(frozen=True, slots=True)
class _Member:
    tenant_id: UUID
    rows: list[tuple[Any, ...]]
    answer: Future[list[int]] = field(default_factory=Future)


class GroupCommit:
    """The committer of one process, on a connection of the role `app`."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: psycopg.Connection[Any] | None = None
        self._waiting: SimpleQueue[_Member | None] = SimpleQueue()
        self._door = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="group commit", daemon=True)
        self._thread.start()

    def append_many(self, appends: Sequence[Append]) -> list[list[int] | IntegrityError]:
        """Append all, in this order, and wait; for each its positions, or why it was refused.

        Each is atomic for itself, and a refused one does not harm the others. Raises what the
        database raised when it could not be reached: then nobody knows what was recorded, and
        loading the streams tells.
        """
        members = [_Member(append.tenant_id, append.rows()) for append in appends]
        with self._door:
            if self._closed:
                raise RuntimeError("the committer has ended")
            for member in members:
                self._waiting.put(member)
        return [_answer(member) for member in members]

    def _work(self) -> None:
        while (group := self._gather()) is not None:
            try:
                self._settle(group)
            except BaseException as error:  # noqa: BLE001  whatever it was, the callers hear of it
                self._disconnect()
                for member in group:
                    if not member.answer.done():
                        member.answer.set_exception(error)
        self._disconnect()

    def _gather(self) -> list[_Member] | None:
        """Whoever waits by now, at least one; None at the end."""
        group: list[_Member] = []
        try:
            while len(group) < _MOST:
                member = self._waiting.get(block=not group)
                if member is None:
                    if group:
                        self._waiting.put(None)
                    break
                group.append(member)
        except Empty:
            pass
        return group or None

    def _settle(self, group: Sequence[_Member]) -> None:
        try:
            self._commit(group)
        except (psycopg.IntegrityError, psycopg.DataError) as refusal:
            if len(group) == 1:
                group[0].answer.set_exception(_refused(refusal))
                return
            for member in group:
                self._settle([member])

    def _commit(self, group: Sequence[_Member]) -> None:
        connection = self._connected()
        tenants = list(dict.fromkeys(member.tenant_id for member in group))
        columns = zip(*(row for member in group for row in member.rows), strict=True)
        try:
            say(connection, begin(tenants, RECORD))
            found = connection.execute(_INSERT, [list(column) for column in columns], prepare=True)
            positions = iter([position for (position,) in found])
            say(connection, b"commit")
        except psycopg.Error:
            if not connection.closed:
                connection.rollback()
            raise
        for member in group:
            member.answer.set_result(list(_take(positions, len(member.rows))))

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._dsn, application_name="forfald group", autocommit=True
            )
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Finish what waits, then end."""
        with self._door:
            self._closed = True
            self._waiting.put(None)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _answer(member: _Member) -> list[int] | IntegrityError:
    try:
        return member.answer.result()
    except IntegrityError as refusal:
        return refusal


def _refused(refusal: psycopg.Error) -> Exception:
    if isinstance(refusal, psycopg.errors.UniqueViolation):
        return IntegrityError("another writer recorded this version first")
    return refusal


def _take(positions: Iterator[int], number: int) -> Iterator[int]:
    for _ in range(number):
        yield next(positions)
