"""Whose turn a delivery is: the sender's, once it has begun, or that of whoever called it back.

One row decides it, and the database lets one of the two write it. So a letter that was called back in
time is never sent, and one whose sending has begun is never said to be withheld.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import psycopg

SENDER: Final = "sender"
RECALL: Final = "recall"
_TAKE = """
    insert into turn (tenant_id, delivery_id, taken_by) values (%s, %s, %s) on conflict do nothing
"""
_HOLDER = "select taken_by from turn where tenant_id = %s and delivery_id = %s"
_GIVE_BACK = "delete from turn where tenant_id = %s and delivery_id = %s and taken_by = %s"


def take(connection: psycopg.Connection[Any], tenant_id: UUID, delivery_id: UUID, by: str) -> str:
    """Take the turn unless somebody has it; who has it afterwards."""
    connection.execute(_TAKE, (tenant_id, delivery_id, by))
    row = connection.execute(_HOLDER, (tenant_id, delivery_id)).fetchone()
    assert row is not None, "somebody has it now"
    return str(row[0])


def give_back(connection: psycopg.Connection[Any], tenant_id: UUID, delivery_id: UUID) -> None:
    """The sender found that provably nothing has left, and will try again."""
    connection.execute(_GIVE_BACK, (tenant_id, delivery_id, SENDER))
