"""The debtors of a client: what each owes, and how late they pay."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.dunning.model.receivable import State
from services.dunning.tables import standing as tables

_r, _d = tables.receivable.c, tables.debtor.c
_OPEN = (State.OPEN.value, State.AT_AGENCY.value)


@dataclass(frozen=True, slots=True)
class Balance:
    """What a debtor owes in one currency, in minor units; `oldest_on` is the first overdue due date."""

    debtor_id: UUID
    currency: str
    balance: int
    overdue: int
    invoices: int
    oldest_on: date | None


@dataclass(frozen=True, slots=True)
class Habit:
    """How late a debtor's invoices were paid, on average, by the month of payment; the oldest first."""

    debtor_id: UUID
    months: tuple[tuple[date, int], ...]
    count: int
    days: int
    """Days late over all of them; those paid early count as in time."""


def page(
    sql: sa.Connection, tenant_id: UUID, today: date, *, offset: int, limit: int, only: str = ""
) -> Sequence[UUID]:
    """Debtors who owe anything, the most overdue first; `only` is `overdue` or `address`."""
    overdue = sa.func.coalesce(
        sa.func.sum(_r.principal_minor + _r.charges_minor).filter(_r.due_on < today), 0
    )
    query = _owing(tenant_id, today, only).with_only_columns(_r.debtor_id)
    ordered = query.order_by(overdue.desc(), _r.debtor_id).offset(offset).limit(limit)
    return list(sql.scalars(ordered))


def counts(sql: sa.Connection, tenant_id: UUID, today: date) -> Mapping[str, int]:
    """How many each list holds."""
    found = {}
    for only in ("", "overdue", "address"):
        owing = _owing(tenant_id, today, only).with_only_columns(_r.debtor_id).subquery()
        found[only] = int(sql.scalar(sa.select(sa.func.count()).select_from(owing)) or 0)
    return found


def _owing(tenant_id: UUID, today: date, only: str) -> sa.Select[Any]:
    query = (
        sa.select(_r.debtor_id)
        .where(_r.tenant_id == tenant_id, _r.state.in_(_OPEN))
        .group_by(_r.debtor_id)
    )
    if only == "overdue":
        query = query.where(_r.due_on < today)
    if only == "address":
        faulty = sa.select(_d.debtor_id).where(
            _d.tenant_id == tenant_id,
            sa.or_(
                sa.func.jsonb_array_length(_d.faults) > 0,
                sa.func.jsonb_array_length(_d.channels) == 0,
            ),
        )
        query = query.where(_r.debtor_id.in_(faulty))
    return query


def balances(
    sql: sa.Connection, tenant_id: UUID, debtors: Collection[UUID], today: date
) -> Mapping[UUID, list[Balance]]:
    """Principal and charges of what is open, per currency; credits stand beside and are never netted."""
    late = _r.due_on < today
    owed = _r.principal_minor + _r.charges_minor
    query = (
        sa.select(
            _r.debtor_id,
            _r.currency,
            sa.func.sum(owed).label("balance"),
            sa.func.coalesce(sa.func.sum(owed).filter(late), 0).label("overdue"),
            sa.func.count().label("invoices"),
            sa.func.min(_r.due_on).filter(late).label("oldest_on"),
        )
        .where(_r.tenant_id == tenant_id, _r.debtor_id.in_(debtors), _r.state.in_(_OPEN))
        .group_by(_r.debtor_id, _r.currency)
        .order_by(_r.debtor_id, _r.currency)
    )
    found: dict[UUID, list[Balance]] = {}
    for row in sql.execute(query):
        one = Balance(
            row.debtor_id, row.currency, int(row.balance), int(row.overdue), row.invoices,
            row.oldest_on,
        )  # fmt: skip
        found.setdefault(row.debtor_id, []).append(one)
    return found


def habits(
    sql: sa.Connection, tenant_id: UUID, debtors: Collection[UUID], since_on: date
) -> Mapping[UUID, Habit]:
    """By what was paid in full from a day on; a debtor who has paid nothing since has none."""
    days = sa.func.greatest(_r.settled_on - _r.due_on, 0)
    month = sa.cast(sa.func.date_trunc("month", _r.settled_on), sa.Date)
    query = (
        sa.select(
            _r.debtor_id,
            month.label("month"),
            sa.func.sum(days).label("days"),
            sa.func.count().label("paid"),
        )
        .where(
            _r.tenant_id == tenant_id,
            _r.debtor_id.in_(debtors),
            _r.state == State.SETTLED.value,
            _r.settled_on >= since_on,
        )
        .group_by(_r.debtor_id, month)
        .order_by(_r.debtor_id, month)
    )
    rows: dict[UUID, list[Any]] = {}
    for row in sql.execute(query):
        rows.setdefault(row.debtor_id, []).append(row)
    found = {}
    for debtor_id, own in rows.items():
        count = sum(int(row.paid) for row in own)
        total = sum(int(row.days) for row in own)
        months = tuple((row.month, int(row.days) // int(row.paid)) for row in own)
        found[debtor_id] = Habit(debtor_id, months, count, total)
    return found
