"""Debtors who get statements: what is open of theirs, and whose statement is due or on the list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from services.dunning.model.receivable import State
from services.dunning.tables import standing as tables

_debtor, _receivable, _credit = tables.debtor.c, tables.receivable.c, tables.credit.c


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement whose day has come; `skipped` is the code of what keeps it off the list."""

    debtor_id: UUID
    planned_on: date
    listed_on: date | None
    skipped: str | None


def opened_on(sql: sa.Connection, tenant_id: UUID, debtor_id: UUID) -> date | None:
    """The date of the oldest item of a debtor that is open: an invoice, or a credit in its favour."""
    invoices = sa.select(sa.func.min(_receivable.issued_on).label("day")).where(
        _receivable.tenant_id == tenant_id,
        _receivable.debtor_id == debtor_id,
        _receivable.state == State.OPEN.value,
    )
    credits_ = sa.select(sa.func.min(_credit.dated_on)).where(
        _credit.tenant_id == tenant_id,
        _credit.debtor_id == debtor_id,
        _credit.remaining_minor > 0,
    )
    days = sa.union_all(invoices, credits_).subquery()
    found: date | None = sql.scalar(sa.select(sa.func.min(days.c.day)))
    return found


def due(sql: sa.Connection, tenant_id: UUID, today: date, after: UUID, most: int) -> Sequence[UUID]:
    """Debtors whose statement's day has come, after a given one. Others cost nothing."""
    query = (
        sa.select(_debtor.debtor_id)
        .where(
            _debtor.tenant_id == tenant_id,
            _debtor.statement_on.is_not(None),
            _debtor.statement_on <= today,
            _debtor.debtor_id > after,
        )
        .order_by(_debtor.debtor_id)
        .limit(most)
    )
    return list(sql.scalars(query))


def listed(
    sql: sa.Connection, tenant_id: UUID, debtors: Collection[UUID] | None = None
) -> Sequence[StatementRow]:
    """The statements on today's list, of all debtors or of some."""
    return _rows(sql, tenant_id, _debtor.statement_listed_on.is_not(None), debtors)


def skipped(sql: sa.Connection, tenant_id: UUID) -> Sequence[StatementRow]:
    """Statements whose day has come and that are not on the list, each with its reason."""
    return _rows(sql, tenant_id, _debtor.statement_skipped.is_not(None), None)


def _rows(
    sql: sa.Connection,
    tenant_id: UUID,
    which: sa.ColumnElement[bool],
    debtors: Collection[UUID] | None,
) -> Sequence[StatementRow]:
    where = [_debtor.tenant_id == tenant_id, which]
    if debtors is not None:
        where.append(_debtor.debtor_id.in_(debtors))
    columns = (
        _debtor.debtor_id,
        _debtor.statement_on,
        _debtor.statement_listed_on,
        _debtor.statement_skipped,
    )
    query = sa.select(*columns).where(*where).order_by(_debtor.debtor_id)
    return [StatementRow(*row) for row in sql.execute(query)]


def with_plan(sql: sa.Connection, tenant_id: UUID, after: UUID, most: int) -> Sequence[UUID]:
    """Debtors who have a statement to come or owe or are owed something, after a given one.

    Who only has credits stands in no list of invoices, and is found here when settings change.
    """
    owed = sa.select(_credit.debtor_id).where(
        _credit.tenant_id == tenant_id, _credit.remaining_minor > 0
    )
    query = (
        sa.select(_debtor.debtor_id)
        .where(
            _debtor.tenant_id == tenant_id,
            sa.or_(_debtor.statement_on.is_not(None), _debtor.debtor_id.in_(owed)),
            _debtor.debtor_id > after,
        )
        .order_by(_debtor.debtor_id)
        .limit(most)
    )
    return list(sql.scalars(query))
