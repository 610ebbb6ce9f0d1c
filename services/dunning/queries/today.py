"""What waits for people at one client: counted and summed for the front page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from services.dunning.model.receivable import State
from services.dunning.tables import standing as tables
from shared.money import Money, sums

_r = tables.receivable.c


@dataclass(frozen=True, slots=True)
class Heap:
    """Invoices that wait for the same thing; `oldest_on` is the first day of the wait."""

    key: str
    count: int
    amounts: Sequence[Money]
    oldest_on: date


def heaps(sql: sa.Connection, tenant_id: UUID) -> list[Heap]:
    """Those that are there: `disputed`, `no_address` and `rule_missing` stand still, `listed` goes."""
    key = sa.case(
        (_r.disputed.is_not(None), "disputed"),
        (_r.skipped.in_(["no_address", "no_mail"]), "no_address"),
        (_r.skipped.in_(["rule_missing", "rule_unverified"]), "rule_missing"),
        (_r.listed_on.is_not(None), "listed"),
    )
    found = (
        sa.select(
            key.label("key"),
            _r.currency,
            sa.func.count().label("invoices"),
            sa.func.sum(_r.principal_minor).label("minor"),
            sa.func.min(sa.func.coalesce(_r.planned_on, _r.due_on)).label("oldest_on"),
        )
        .where(
            _r.tenant_id == tenant_id,
            _r.state == State.OPEN.value,
            sa.or_(_r.listed_on.is_not(None), _r.skipped.is_not(None), _r.disputed.is_not(None)),
        )
        .group_by(key, _r.currency)
    )
    rows = [row for row in sql.execute(found) if row.key is not None]
    heaps_ = []
    for name in ("disputed", "no_address", "rule_missing", "listed"):
        own = [row for row in rows if row.key == name]
        if own:
            amounts = sums(Money(int(row.minor), row.currency) for row in own)
            count = sum(int(row.invoices) for row in own)
            oldest = min(row.oldest_on for row in own)
            heaps_.append(Heap(name, count, list(amounts.values()), oldest))
    return heaps_
