"""The few ways in which an event changes rows: each within its tenant, and each said once.

    rows.add(tables.batch, recorded, sql, batch_id=recorded.aggregate_id, state="sealed")
    rows.change(tables.batch, recorded, sql, {"batch_id": recorded.aggregate_id}, state="sent")

`key` names rows by their columns; the tenant is always part of it. A value may be an expression of
the row that it changes.

A statement is built once for each form that it takes, and run with that event's values: to build one
costs SQLAlchemy four times as much as to run it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert

from shared.eventstore.events import Recorded

Key = Mapping[str, Any]
_OF = "of_"
"""Begins the parameters of a key: without it they would be values of the columns."""


def add(table: sa.Table, recorded: Recorded[Any], sql: sa.Connection, /, **values: Any) -> None:
    """A row that was not there."""
    plain, said = _apart({"tenant_id": recorded.tenant_id, **values})
    sql.execute(_values(_adding(table), said), plain)


def ensure(table: sa.Table, recorded: Recorded[Any], sql: sa.Connection, /, **values: Any) -> None:
    """A row, unless its like is there."""
    plain, said = _apart({"tenant_id": recorded.tenant_id, **values})
    sql.execute(_values(_ensuring(table), said), plain)


def change(
    table: sa.Table, recorded: Recorded[Any], sql: sa.Connection, key: Key, /, **values: Any
) -> None:
    """The rows that are there."""
    place = {"tenant_id": recorded.tenant_id, **key}
    plain, said = _apart(values)
    statement = _values(_changing(table, *_shape(place)), said)
    sql.execute(statement, {**_parameters(place), **plain})


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
    plain, said = _apart({**(at_first or {}), **place, **values})
    if said:
        new = insert(table).values(**said)
        changed = {name: said.get(name, new.excluded[name]) for name in values}
        sql.execute(new.on_conflict_do_update(index_elements=list(place), set_=changed), plain)
    else:
        sql.execute(_putting(table, tuple(place), tuple(values)), plain)


def remove(table: sa.Table, recorded: Recorded[Any], sql: sa.Connection, /, **key: Any) -> None:
    """All rows of the key; without one, all of the tenant's."""
    place = {"tenant_id": recorded.tenant_id, **key}
    sql.execute(_removing(table, *_shape(place)), _parameters(place))


def _apart(values: Key) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is a value, and what is said as an expression."""
    plain: dict[str, Any] = {}
    said: dict[str, Any] = {}
    for name, value in values.items():
        (said if isinstance(value, sa.ClauseElement) else plain)[name] = value
    return plain, said


def _values(statement: Any, said: Mapping[str, Any]) -> Any:
    return statement.values(**said) if said else statement


def _shape(place: Key) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of a key that have a value, and those that have none: nothing equals null."""
    absent = tuple(name for name, value in place.items() if value is None)
    return tuple(name for name in place if name not in absent), absent


def _parameters(place: Key) -> dict[str, Any]:
    return {_OF + name: value for name, value in place.items() if value is not None}


@lru_cache(maxsize=512)
def _adding(table: sa.Table) -> sa.Insert:
    return table.insert()


@lru_cache(maxsize=512)
def _ensuring(table: sa.Table) -> Insert:
    return insert(table).on_conflict_do_nothing()


@lru_cache(maxsize=512)
def _putting(table: sa.Table, place: tuple[str, ...], changed: tuple[str, ...]) -> Insert:
    new = insert(table)
    return new.on_conflict_do_update(
        index_elements=place, set_={name: new.excluded[name] for name in changed}
    )


@lru_cache(maxsize=512)
def _changing(table: sa.Table, given: tuple[str, ...], absent: tuple[str, ...]) -> sa.Update:
    return table.update().where(*_of(table, given, absent))


@lru_cache(maxsize=512)
def _removing(table: sa.Table, given: tuple[str, ...], absent: tuple[str, ...]) -> sa.Delete:
    return table.delete().where(*_of(table, given, absent))


def _of(
    table: sa.Table, given: Iterable[str], absent: Iterable[str]
) -> list[sa.ColumnElement[bool]]:
    columns = [(name, table.c[name]) for name in given]
    same = [column == sa.bindparam(_OF + name, type_=column.type) for name, column in columns]
    return [*same, *(table.c[name].is_(None) for name in absent)]
