"""Rebuilds read tables from the log, beside the ones in use, and swaps them in one transaction.

The old tables go on serving until the swap. What is below the watermark is replayed in transactions of
its own, each of them short, since an open one holds up everybody who follows the log. The swap first
takes the tables away from whoever writes them, then catches up to the very last event, then renames.
A shadow that is never swapped shows whether the live rows are what the log says (invariant I6).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa

from shared.projecting import read_schema
from shared.projecting.read_schema import SCHEMA
from shared.projecting.runner import FOLLOWED, recorded_of
from shared.service import Service

_SHADOW, _OLD = "read_shadow", "read_old"
_BATCH = 2000
# Shorter than PostgreSQL waits before it looks for a deadlock, so that no writer becomes its victim.
_PATIENCE_MS = 500
_PAUSE_S = 0.2
_ONE_AT_A_TIME = "select pg_advisory_lock(hashtext('rebuild'))"
_READ = """
    select tenant_id, aggregate_id, version, position, name, body, meta from event
    where position > %s {bound} order by position limit %s
"""
_SAFE = _READ.format(bound="and position <= (select safe from watermark)")
_ALL = _READ.format(bound="")
_FOLLOW_ON = """
    insert into projection_position values (%s, %s)
    on conflict (projection) do update set position = excluded.position
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that stands in only one of the two: `where` is `live` or `log`."""

    table: str
    where: str
    row: dict[str, Any]


def rebuild(owner_dsn: str, service: Service) -> int:
    """Rebuild all read tables of a service and put them in place; the last position."""
    with _shadow(owner_dsn, service) as (connection, safe):
        _take_over(connection, service)
        position = max([safe, *_replay(connection, service, _ALL, after=safe)])
        connection.exec_driver_sql(f"alter schema {SCHEMA} rename to {_OLD}")
        connection.exec_driver_sql(f"alter schema {_SHADOW} rename to {SCHEMA}")
        roles = ", ".join(f"{service.name}_{role}" for role in ("app", "follower", "reader"))
        connection.exec_driver_sql(f"grant usage on schema {SCHEMA} to {roles}")
        if service.followed:
            connection.exec_driver_sql(_FOLLOW_ON, (FOLLOWED, position))
        connection.commit()
    return position


def differences(owner_dsn: str, service: Service) -> list[Difference]:
    """Where the live rows are not what the log says; nothing is changed.

    The last events are read in the snapshot of the live rows; followed projections that lag behind
    would show as differences, so ask a service at rest.
    """
    with _shadow(owner_dsn, service) as (connection, safe):
        connection.exec_driver_sql("set transaction isolation level repeatable read")
        for _ in _replay(connection, service, _ALL, after=safe):
            pass
        return [
            difference
            for table in service.read.sorted_tables
            for difference in _compare(connection, table)
        ]


def _compare(connection: sa.Connection, table: sa.Table) -> Iterator[Difference]:
    live, shadow = f"{SCHEMA}.{table.name}", f"{_SHADOW}.{table.name}"
    for where, one, other in (("live", live, shadow), ("log", shadow, live)):
        query = f"select * from {one} except all select * from {other}"  # noqa: S608  our tables
        rows = connection.exec_driver_sql(query)
        for row in rows.mappings():
            yield Difference(table.name, where, dict(row))


@contextmanager
def _shadow(owner_dsn: str, service: Service) -> Iterator[tuple[sa.Connection, int]]:
    """A shadow with all that is safe, and up to where that is, on a connection in no transaction."""
    with _engine(owner_dsn).connect() as connection:
        connection.exec_driver_sql(_ONE_AT_A_TIME)
        _clear_away(connection)  # of somebody who did not come to the end
        connection.exec_driver_sql(f"create schema {_SHADOW}")
        read_schema.make_in(connection, service.read, service.name, _SHADOW)
        connection.commit()
        safe = 0
        for position in _replay(connection, service, _SAFE, after=safe):
            connection.commit()
            safe = position
        connection.rollback()
        yield connection, safe
        connection.rollback()
        _clear_away(connection)


def _clear_away(connection: sa.Connection) -> None:
    for schema in (_SHADOW, _OLD):
        connection.exec_driver_sql(f"drop schema if exists {schema} cascade")
    connection.commit()


def _take_over(connection: sa.Connection, service: Service) -> None:
    """From here on nobody writes the live tables, so nothing can be missing after the rename.

    A writer may hold one of the tables and want the next, as we do, in another order. So we give way
    before anybody is seen to be in a deadlock with us, and try again.
    """
    tables = [f"{SCHEMA}.{table.name}" for table in service.read.sorted_tables]
    lock = f"lock table {', '.join(['event', 'projection_position', *tables])} in exclusive mode"
    while True:
        try:
            connection.exec_driver_sql(f"set local statement_timeout = {_PATIENCE_MS}")
            connection.exec_driver_sql(lock)
            connection.exec_driver_sql("set local statement_timeout = default")
        except sa.exc.OperationalError as error:
            if not isinstance(error.orig, psycopg.errors.QueryCanceled):
                raise
            connection.rollback()
            time.sleep(_PAUSE_S)
        else:
            return


def _replay(connection: sa.Connection, service: Service, events: str, after: int) -> Iterator[int]:
    """Apply to the shadow what comes after a position; the position after each batch."""
    shadowed = connection.execution_options(schema_translate_map={SCHEMA: _SHADOW})
    projections = [*service.rules.projections, *service.followed]
    while rows := connection.exec_driver_sql(events, (after, _BATCH)).fetchall():
        for row in rows:
            recorded = recorded_of(service.rules.mapper, row)
            for projection in projections:
                projection.apply(recorded, shadowed)
        after = rows[-1].position
        yield after


def _engine(owner_dsn: str) -> sa.Engine:
    return sa.create_engine(
        "postgresql+psycopg://", creator=lambda: _connect(owner_dsn), poolclass=sa.NullPool
    )


def _connect(owner_dsn: str) -> psycopg.Connection[Any]:
    return psycopg.connect(owner_dsn, application_name="forfald rebuild")
