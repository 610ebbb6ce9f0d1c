"""The few ways in which an event changes rows: each within its tenant, and each said once.

    rows.add(tables.batch, recorded, sql, batch_id=recorded.aggregate_id, state="sealed")
    rows.change(tables.batch, recorded, sql, {"batch_id": recorded.aggregate_id}, state="sent")

`key` names rows by their columns; the tenant is always part of it. A value may be an expression of
the row that it changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared.eventstore.events import Recorded

Key = Mapping[str, Any]


def add(table: sa.Table, recorded: Recorded[Any], sql: sa.Connection, /, **values: Any) -> None:
    """A row that was not there."""
    sql.execute(table.insert().values(tenant_id=recorded.tenant_id, **values))


def ensure(table: sa.Table, recorded: Recorded[Any], sql: sa.Connection, /, **values: Any) -> None:
    """A row, unless its like is there."""
    new = insert(table).values(tenant_id=recorded.tenant_id, **values)
    sql.execute(new.on_conflict_do_nothing())


def change(
    table: sa.Table, recorded: Recorded[Any], sql: sa.Connection, key: Key, /, **values: Any
) -> None:
    """The rows that are there."""
    sql.execute(table.update().where(*_of(table, recorded, key)).values(**values))


def put(
    table: sa.Table,
    recorded: Recorded[Any],
    sql: sa.Connection,
    key: Key,
    /,
    *,
    at_first: Key | None = None,
    **values: Any,
) -> None:
    """The row of the key, changed where it is there; a new one also has what it is `at_first`."""
    place = {"tenant_id": recorded.tenant_id, **key}
    new = insert(table).values(**{**(at_first or {}), **place, **values})
    sql.execute(new.on_conflict_do_update(index_elements=list(place), set_=values))


def remove(table: sa.Table, recorded: Recorded[Any], sql: sa.Connection, /, **key: Any) -> None:
    """All rows of the key; without one, all of the tenant's."""
    sql.execute(table.delete().where(*_of(table, recorded, key)))


def _of(table: sa.Table, recorded: Recorded[Any], key: Key) -> list[sa.ColumnElement[bool]]:
    place = {"tenant_id": recorded.tenant_id, **key}
    return [table.c[name] == value for name, value in place.items()]
