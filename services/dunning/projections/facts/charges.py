"""Charges, what became of them, and the vouchers that bookkeep both."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.dunning.events import receivable as r
from services.dunning.tables import facts
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

charges = Projection(
    "fact_charges", facts.charge, facts.charge_movement, facts.posting, facts.posting_line
)


@charges.on(r.ChargeAdded)
def charge_added(recorded: Recorded[r.ChargeAdded], sql: sa.Connection) -> None:
    event = recorded.event
    rows.ensure(
        facts.charge,
        recorded,
        sql,
        charge_id=event.charge.charge_id,
        invoice_id=recorded.aggregate_id,
        kind=event.charge.kind,
        category=event.category and event.category.value,
        level=event.level,
        currency=event.charge.amount.currency,
        amount_minor=event.charge.amount.minor,
        charged_on=event.charged_on,
        recorded_at=recorded.meta.recorded_at,
    )


@charges.on(r.ChargePaid)
def charge_paid(recorded: Recorded[r.ChargePaid], sql: sa.Connection) -> None:
    event, moved = recorded.event, facts.charge_movement
    # The event says what is paid by now; the fact is what that adds, or takes back.
    before = sql.execute(
        sa.select(sa.func.coalesce(sa.func.sum(moved.c.amount_minor), 0)).where(
            moved.c.tenant_id == recorded.tenant_id,
            moved.c.charge_id == event.charge_id,
            moved.c.invoice_id == recorded.aggregate_id,
            moved.c.kind == "paid",
        )
    ).scalar_one()
    more = event.paid.minor - int(before)
    if more:
        _moved(recorded, sql, event.charge_id, "paid", "payment", more, event.value_on)


@charges.on(r.ChargesWrittenOff)
def charges_written_off(recorded: Recorded[r.ChargesWrittenOff], sql: sa.Connection) -> None:
    event = recorded.event
    for one in event.amounts:
        _moved(
            recorded,
            sql,
            one.charge_id,
            "written_off",
            event.code,
            one.amount.minor,
            event.written_off_on,
            waived=event.claim_waived,
        )


@charges.on(r.ChargesReversed)
def charges_reversed(recorded: Recorded[r.ChargesReversed], sql: sa.Connection) -> None:
    event = recorded.event
    for one in event.amounts:
        amount, on = one.amount.minor, event.reversed_on
        _moved(recorded, sql, one.charge_id, "reversed", event.code, amount, on, waived=True)


def _moved(
    recorded: Recorded[Any],
    sql: sa.Connection,
    charge_id: UUID,
    kind: str,
    code: str,
    minor: int,
    effective_on: date,
    *,
    waived: bool = False,
) -> None:
    rows.add(
        facts.charge_movement,
        recorded,
        sql,
        charge_id=charge_id,
        invoice_id=recorded.aggregate_id,
        version=recorded.version,
        kind=kind,
        code=code,
        amount_minor=minor,
        effective_on=effective_on,
        claim_waived=waived,
        recorded_at=recorded.meta.recorded_at,
    )


@charges.on(r.PostingSought)
def posting_sought(recorded: Recorded[r.PostingSought], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        facts.posting,
        recorded,
        sql,
        invoice_id=recorded.aggregate_id,
        posting=recorded.version,
        voucher_on=event.voucher_on,
        recorded_at=recorded.meta.recorded_at,
    )
    for line, one in enumerate(event.amounts):
        rows.add(
            facts.posting_line,
            recorded,
            sql,
            invoice_id=recorded.aggregate_id,
            posting=recorded.version,
            line=line,
            charge_id=one.charge_id,
            currency=one.amount.currency,
            amount_minor=one.amount.minor,
        )


@charges.on(r.PostingDone)
def posting_done(recorded: Recorded[r.PostingDone], sql: sa.Connection) -> None:
    event, at = recorded.event, recorded.meta.recorded_at
    key = {"invoice_id": recorded.aggregate_id, "posting": event.posting}
    done = {"posted_on": event.posted_on, "voucher": event.voucher, "posted_at": at}
    rows.change(facts.posting, recorded, sql, key, **done)


@charges.on(r.PostingFailed)
def posting_failed(recorded: Recorded[r.PostingFailed], sql: sa.Connection) -> None:
    event, at = recorded.event, recorded.meta.recorded_at
    key = {"invoice_id": recorded.aggregate_id, "posting": event.posting}
    rows.change(facts.posting, recorded, sql, key, failure=event.code, failed_at=at)
