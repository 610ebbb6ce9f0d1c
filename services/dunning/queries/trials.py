"""Whose facts a trial goes through: debtors with an invoice that was open within its days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from services.dunning.tables import standing as tables

_receivable = tables.receivable.c


def debtors(sql: sa.Connection, tenant_id: UUID, from_on: date) -> int:
    """How many there are."""
    query = sa.select(sa.func.count(_receivable.debtor_id.distinct()))
    return int(sql.scalar(query.where(*_open_since(tenant_id, from_on))) or 0)


def lot(
    sql: sa.Connection, tenant_id: UUID, from_on: date, after: UUID, invoices: int
) -> Sequence[UUID]:
    """The next debtors after one, until they have so many invoices together."""
    query = (
        sa.select(_receivable.debtor_id, sa.func.count().label("invoices"))
        .where(*_open_since(tenant_id, from_on), _receivable.debtor_id > after)
        .group_by(_receivable.debtor_id)
        .order_by(_receivable.debtor_id)
        .limit(invoices)
    )
    found, together = [], 0
    for row in sql.execute(query):
        found.append(row.debtor_id)
        together += int(row.invoices)
        if together >= invoices:
            break
    return found


def _open_since(tenant_id: UUID, from_on: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _receivable.tenant_id == tenant_id,
        sa.or_(_receivable.settled_on.is_(None), _receivable.settled_on >= from_on),
    )
