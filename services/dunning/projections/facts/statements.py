"""How a statement enters the facts: it supersedes what was said of the same thing before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from shared.eventstore.events import Recorded
from shared.projecting import rows


def state(
    table: sa.Table,
    recorded: Recorded[Any],
    sql: sa.Connection,
    key: Mapping[str, Any],
    **facts: Any,
) -> None:
    """Say it of the key from now on, in the place of what stood."""
    supersede(table, recorded, sql, key)
    at = recorded.meta.recorded_at
    rows.add(table, recorded, sql, **key, version=recorded.version, recorded_at=at, **facts)


def supersede(
    table: sa.Table, recorded: Recorded[Any], sql: sa.Connection, key: Mapping[str, Any]
) -> None:
    """What stood of the key stands no more, and nothing takes its place."""
    at = recorded.meta.recorded_at
    rows.change(table, recorded, sql, {**key, "superseded_at": None}, superseded_at=at)


def standing(
    table: sa.Table, recorded: Recorded[Any], sql: sa.Connection, key: Mapping[str, Any]
) -> list[sa.RowMapping]:
    """The rows of the key that nothing has superseded, in the order in which they were said."""
    place = {"tenant_id": recorded.tenant_id, "superseded_at": None, **key}
    query = sa.select(table).where(*(table.c[name] == value for name, value in place.items()))
    return list(sql.execute(query.order_by(table.c.version)).mappings())


def day(recorded: Recorded[Any], said: date | None = None) -> date:
    """The day that an event is about: the one that it says, else that of its recording (UTC)."""
    return said or recorded.meta.recorded_at.date()
