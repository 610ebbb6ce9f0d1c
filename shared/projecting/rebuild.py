"""Rebuilds read tables from the log, beside the ones in use, and swaps them in one transaction.

The old tables go on serving until the swap. The swap first takes the tables away from whoever
writes them in their own transaction, then catches up to the very last event, then renames. A shadow
that is never swapped shows whether the live rows are what the log says (invariant I6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa

from shared.projecting import read_schema
from shared.projecting.read_schema import SCHEMA
from shared.projecting.runner import recorded_of
from shared.service import Service

_SHADOW = "read_shadow"
_BATCH = 2000
_READ = """
    select tenant_id, aggregate_id, version, position, name, body, meta from event
    where position > %s order by position limit %s
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that stands in only one of the two: `where` is `live` or `log`."""

    table: str
    where: str
    row: dict[str, Any]


def rebuild(owner_dsn: str, service: Service) -> int:
    """Rebuild all read tables of a service and put them in place; the last position."""
    with _engine(owner_dsn).begin() as connection:
        _make_shadow(connection, service)
        position = _replay(connection, service, after=0)
        # From here on nobody writes the live tables, so nothing can be missing after the rename.
        for table in service.read.sorted_tables:
            connection.exec_driver_sql(f"lock table {SCHEMA}.{table.name} in exclusive mode")
        connection.exec_driver_sql("lock table event in exclusive mode")
        position = _replay(connection, service, after=position)
        connection.exec_driver_sql(f"drop schema {SCHEMA} cascade")
        connection.exec_driver_sql(f"alter schema {_SHADOW} rename to {SCHEMA}")
        connection.exec_driver_sql(
            f"grant usage on schema {SCHEMA} to {service.name}_app, {service.name}_follower, {service.name}_reader"
        )
        connection.execute(
            sa.text("update projection_position set position = greatest(position, :position)"),
            {"position": position},
        )
    return position


def differences(owner_dsn: str, service: Service) -> list[Difference]:
    """Where the live rows are not what the log says; nothing is changed.

    The events are read in the snapshot of the live rows; followed projections that lag behind
    would show as differences, so ask a service at rest.
    """
    with _engine(owner_dsn).connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        _make_shadow(connection, service)
        _replay(connection, service, after=0)
        found = [
            difference
            for table in service.read.sorted_tables
            for difference in _compare(connection, table)
        ]
        connection.rollback()
    return found


def _compare(connection: sa.Connection, table: sa.Table) -> Iterator[Difference]:
    live, shadow = f"{SCHEMA}.{table.name}", f"{_SHADOW}.{table.name}"
    for where, one, other in (("live", live, shadow), ("log", shadow, live)):
        query = f"select * from {one} except all select * from {other}"  # noqa: S608  our tables
        rows = connection.exec_driver_sql(query)
        for row in rows.mappings():
            yield Difference(table.name, where, dict(row))


def _make_shadow(connection: sa.Connection, service: Service) -> None:
    connection.exec_driver_sql(f"drop schema if exists {_SHADOW} cascade")
    connection.exec_driver_sql(f"create schema {_SHADOW}")
    read_schema.make_in(connection, service.read, service.name, _SHADOW)


def _replay(connection: sa.Connection, service: Service, after: int) -> int:
    """Apply every event after a position to the shadow; the last position."""
    shadowed = connection.execution_options(schema_translate_map={SCHEMA: _SHADOW})
    projections = [*service.rules.projections, *service.followed]
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    position = after
    while rows := raw.execute(_READ, (position, _BATCH)).fetchall():
        for row in rows:
            recorded = recorded_of(service.rules.mapper, row)
            for projection in projections:
                projection.apply(recorded, shadowed)
        position = rows[-1][3]
    return position


def _engine(owner_dsn: str) -> sa.Engine:
    return sa.create_engine(
        "postgresql+psycopg://", creator=lambda: _connect(owner_dsn), poolclass=sa.NullPool
    )


def _connect(owner_dsn: str) -> psycopg.Connection[Any]:
    return psycopg.connect(owner_dsn, application_name="forfald rebuild")
