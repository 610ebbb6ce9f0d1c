"""What a debtor has paid, for its own account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from services.dunning.model.receivable import State
from services.dunning.tables import standing as tables
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Settled:
    invoice_id: UUID
    number: str
    gross: Money
    settled_on: date | None


def settled(sql: sa.Connection, tenant_id: UUID, debtor_id: UUID, most: int) -> Sequence[Settled]:
    """A debtor's invoices that are paid or credited, the latest first."""
    receivable = tables.receivable.c
    query = (
        sa.select(
            receivable.invoice_id,
            receivable.number,
            receivable.gross_minor,
            receivable.currency,
            receivable.settled_on,
        )
        .where(
            receivable.tenant_id == tenant_id,
            receivable.debtor_id == debtor_id,
            receivable.state == State.SETTLED.value,
        )
        .order_by(receivable.settled_on.desc().nulls_last(), receivable.number)
        .limit(most)
    )
    return [
        Settled(row.invoice_id, row.number, Money(row.gross_minor, row.currency), row.settled_on)
        for row in sql.execute(query)
    ]
