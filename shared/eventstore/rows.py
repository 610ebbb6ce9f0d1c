"""Rows of several tables in one statement.

What a command leaves behind goes into up to four tables. One statement is one round trip and, for
the driver, a quarter of the work: measured in docs/benchmarks.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import psycopg

Shape = tuple[str, int, int, str]
_TOGETHER = 200  # rows; a statement takes 65,535 parameters, and a long one is planned for long


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for one table. `into` names it with its columns; `otherwise` is an `on conflict`."""

    into: str
    values: Sequence[tuple[Any, ...]]
    otherwise: str = ""

    @property
    def shape(self) -> Shape:
        return self.into, len(self.values[0]), len(self.values), self.otherwise


def write(
    connection: psycopg.Connection[Any],
    rows: Rows,
    beside: Sequence[Rows] = (),
    *,
    returning: str = "",
) -> list[tuple[Any, ...]]:
    """Insert rows, and others beside them, each table's in their order; what is returned of them."""
    others = [other for other in beside if other.values]
    if len(rows.values) + sum(len(other.values) for other in others) > _TOGETHER:
        for other in others:
            _write_singly(connection, other)
        return _write_singly(connection, rows, returning)
    text = _statement(rows.shape, tuple(other.shape for other in others), returning)
    values = chain.from_iterable(chain.from_iterable([*(o.values for o in others), rows.values]))
    cursor = connection.execute(text, list(values))
    return cursor.fetchall() if returning else []


def _write_singly(
    connection: psycopg.Connection[Any], rows: Rows, returning: str = ""
) -> list[tuple[Any, ...]]:
    """One statement per row, many in flight."""
    into, columns, _, otherwise = rows.shape
    with connection.cursor() as cursor:
        text = _statement((into, columns, 1, otherwise), (), returning)
        cursor.executemany(text, rows.values, returning=bool(returning))
        return [row for result in cursor.results() for row in result] if returning else []


@lru_cache(maxsize=512)
def _statement(rows: Shape, beside: tuple[Shape, ...], returning: str) -> bytes:
    """The text is the same for the same shape, so that the server prepares it once."""
    others = ", ".join(f"beside_{n} as ({_insert(*other)})" for n, other in enumerate(beside))
    tail = f" returning {returning}" if returning else ""
    return f"{f'with {others} ' if others else ''}{_insert(*rows)}{tail}".encode()


def _insert(into: str, columns: int, number: int, otherwise: str) -> str:
    row = f"({', '.join(['%s'] * columns)})"
    values = ", ".join([row] * number)
    return f"insert into {into} values {values} {otherwise}"  # noqa: S608  texts of our own code
