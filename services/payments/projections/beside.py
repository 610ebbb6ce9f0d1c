"""Own events beside the orders' as rows: batches, roles, credit notes, statement lines."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.payments import tables
from services.payments.events import beside as f
from services.payments.model.batch import BatchState
from shared.eventstore.events import Event, Recorded
from shared.projecting.projection import Projection

batches = Projection("batches", tables.batch)
roles = Projection("roles", tables.role, tables.person)
credit_notes = Projection("credit_notes", tables.credit_note)
lines = Projection("statement_lines", tables.line)


@batches.on(f.BatchSealed)
def batch_sealed(recorded: Recorded[f.BatchSealed], sql: sa.Connection) -> None:
    event = recorded.event
    sql.execute(
        tables.batch.insert().values(
            tenant_id=recorded.tenant_id,
            batch_id=recorded.aggregate_id,
            state=BatchState.SEALED.value,
            rail=event.rail,
            execute_on=event.execute_on,
            count=event.count,
            currency=event.control_sum.currency,
            control_sum_minor=event.control_sum.minor,
            sha256=event.sha256,
            sealed_at=recorded.meta.recorded_at,
        )
    )


def _update_batch(recorded: Recorded[Any], sql: sa.Connection, **values: Any) -> None:
    batch = tables.batch
    sql.execute(
        batch.update()
        .where(batch.c.tenant_id == recorded.tenant_id, batch.c.batch_id == recorded.aggregate_id)
        .values(**values)
    )


@batches.on(f.BatchDelivered)
def batch_delivered(recorded: Recorded[f.BatchDelivered], sql: sa.Connection) -> None:
    bank_payment_id = recorded.event.bank_payment_id
    state = BatchState.DELIVERED.value
    _update_batch(recorded, sql, state=state, bank_payment_id=bank_payment_id)


@batches.on(f.BatchNotSent, f.BatchRefused, f.BatchOutcomeUnknown)
def batch_ended(recorded: Recorded[Any], sql: sa.Connection) -> None:
    states: dict[type[Event], BatchState] = {
        f.BatchNotSent: BatchState.NOT_SENT,
        f.BatchRefused: BatchState.REFUSED,
        f.BatchOutcomeUnknown: BatchState.UNKNOWN,
    }
    _update_batch(recorded, sql, state=states[type(recorded.event)].value)


@roles.on(f.PersonNamed)
def person_named(recorded: Recorded[f.PersonNamed], sql: sa.Connection) -> None:
    event = recorded.event
    name = {"subject": str(event.name.subject), "sealed": event.name.sealed}
    sql.execute(
        insert(tables.person)
        .values(tenant_id=recorded.tenant_id, user_id=event.user_id, name=name)
        .on_conflict_do_update(index_elements=["tenant_id", "user_id"], set_={"name": name})
    )


@roles.on(f.RoleLearnt)
def role_learnt(recorded: Recorded[f.RoleLearnt], sql: sa.Connection) -> None:
    event = recorded.event
    sql.execute(
        insert(tables.role)
        .values(tenant_id=recorded.tenant_id, user_id=event.user_id, role=event.role)
        .on_conflict_do_nothing()
    )


@roles.on(f.RoleLost, f.PersonDisabled)
def role_lost(recorded: Recorded[Any], sql: sa.Connection) -> None:
    event, role = recorded.event, tables.role
    gone = role.delete().where(
        role.c.tenant_id == recorded.tenant_id, role.c.user_id == event.user_id
    )
    if isinstance(event, f.RoleLost):
        gone = gone.where(role.c.role == event.role)
    sql.execute(gone)


@credit_notes.on(f.CreditNoteLearnt)
def credit_note_learnt(recorded: Recorded[f.CreditNoteLearnt], sql: sa.Connection) -> None:
    event = recorded.event
    remaining = event.remaining.minor
    sql.execute(
        insert(tables.credit_note)
        .values(
            tenant_id=recorded.tenant_id,
            credit_note_id=recorded.aggregate_id,
            party_id=event.party_id,
            currency=event.remaining.currency,
            remaining_minor=remaining,
        )
        .on_conflict_do_update(
            index_elements=["tenant_id", "credit_note_id"],
            set_={"remaining_minor": remaining},
        )
    )


@lines.on(f.StatementLineBooked)
def statement_line_booked(recorded: Recorded[f.StatementLineBooked], sql: sa.Connection) -> None:
    event = recorded.event
    sql.execute(
        tables.line.insert().values(
            tenant_id=recorded.tenant_id,
            line_id=recorded.aggregate_id,
            kind=event.kind,
            bank_reference=event.bank_reference,
            currency=event.amount.currency,
            amount_minor=event.amount.minor,
            booked_on=event.booked_on,
            fault=event.fault,
        )
    )
