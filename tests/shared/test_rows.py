"""How events change rows: within their tenant, whoever asks, and each way as it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from shared.database import Database
from shared.eventstore.events import Meta, Recorded
from shared.projecting import rows
from shared.testing.postgres import Databases

ANNA, BERTIL = uuid4(), uuid4()
BOOK = sa.Table(
    "book",
    sa.MetaData(),
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("title", sa.Text, primary_key=True),
    sa.Column("copies", sa.Integer),
    sa.Column("shelf", sa.Text),
)


def make(dsn: str) -> None:
    with Database(dsn, pool_size=0).connection() as transaction:
        BOOK.create(transaction.sql)
        transaction.commit()


@pytest.fixture
def sql(databases: Databases) -> Iterator[sa.Connection]:
    """A connection that no policy holds to a tenant, as a projector's is."""
    with Database(databases.fresh("rows", make), pool_size=0).connection() as transaction:
        yield transaction.sql


def told(tenant: UUID) -> Recorded[Any]:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    meta = Meta(recorded_at=at, actor="user:test", correlation_id=uuid4())
    return Recorded(tenant, uuid4(), 1, None, meta)


def books(sql: sa.Connection, tenant: UUID = ANNA) -> list[tuple[Any, ...]]:
    found = sa.select(BOOK.c.title, BOOK.c.copies, BOOK.c.shelf).where(BOOK.c.tenant_id == tenant)
    return [tuple(row) for row in sql.execute(found.order_by(BOOK.c.title))]


def test_a_row_is_changed_and_removed_for_its_tenant_alone(sql: sa.Connection) -> None:
    for tenant in (ANNA, BERTIL):
        rows.add(BOOK, told(tenant), sql, title="Emil", copies=1)
    rows.change(BOOK, told(ANNA), sql, {"title": "Emil"}, copies=BOOK.c.copies + 1)
    assert (books(sql), books(sql, BERTIL)) == ([("Emil", 2, None)], [("Emil", 1, None)])
    rows.put(BOOK, told(ANNA), sql, {"title": "Emil"}, copies=5)
    assert (books(sql), books(sql, BERTIL)) == ([("Emil", 5, None)], [("Emil", 1, None)])
    rows.remove(BOOK, told(ANNA), sql)
    assert (books(sql), books(sql, BERTIL)) == ([], [("Emil", 1, None)])


def test_what_a_row_is_at_first_is_not_put_again(sql: sa.Connection) -> None:
    first: dict[str, Any] = {"copies": 0, "shelf": "new"}
    rows.put(BOOK, told(ANNA), sql, {"title": "Emil"}, at_first=first, copies=3)
    assert books(sql) == [("Emil", 3, "new")]
    rows.change(BOOK, told(ANNA), sql, {"title": "Emil"}, shelf="children")
    rows.put(BOOK, told(ANNA), sql, {"title": "Emil"}, at_first=first, copies=4)
    assert books(sql) == [("Emil", 4, "children")]


def test_a_row_that_is_there_is_left_as_it_is(sql: sa.Connection) -> None:
    rows.ensure(BOOK, told(ANNA), sql, title="Emil", copies=1)
    rows.ensure(BOOK, told(ANNA), sql, title="Emil", copies=2)
    assert books(sql) == [("Emil", 1, None)]


def test_rows_are_removed_by_their_key_and_nothing_else(sql: sa.Connection) -> None:
    for title in ("Emil", "Pippi"):
        rows.add(BOOK, told(ANNA), sql, title=title)
    rows.remove(BOOK, told(ANNA), sql, title="Pippi")
    assert books(sql) == [("Emil", None, None)]


def test_a_key_without_a_value_is_a_row_without_one(sql: sa.Connection) -> None:
    rows.add(BOOK, told(ANNA), sql, title="Emil", shelf="children")
    rows.add(BOOK, told(ANNA), sql, title="Pippi")
    rows.change(BOOK, told(ANNA), sql, {"shelf": "children"}, copies=1)
    rows.change(BOOK, told(ANNA), sql, {"shelf": None}, copies=2)
    assert books(sql) == [("Emil", 1, "children"), ("Pippi", 2, None)]
    rows.remove(BOOK, told(ANNA), sql, shelf=None)
    assert books(sql) == [("Emil", 1, "children")]


def test_a_key_may_be_what_is_changed(sql: sa.Connection) -> None:
    rows.add(BOOK, told(ANNA), sql, title="Emil", shelf="new")
    rows.change(BOOK, told(ANNA), sql, {"shelf": "new"}, shelf="children", copies=1)
    assert books(sql) == [("Emil", 1, "children")]


def test_a_row_is_put_by_values_and_expressions_together(sql: sa.Connection) -> None:
    for title in ("emil", "EMIL"):
        rows.put(BOOK, told(ANNA), sql, {"title": "Emil"}, copies=3, shelf=sa.func.lower(title))
    assert books(sql) == [("Emil", 3, "emil")]
