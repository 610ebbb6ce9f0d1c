"""Own events beside the orders' as rows: batches, roles, credit notes, statement lines."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.payments import tables
from services.payments.events import beside as f
from services.payments.model.batch import BatchState
from shared.eventstore.events import Event, Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

batches = Projection("batches", tables.batch)
roles = Projection("roles", tables.role, tables.person)
credit_notes = Projection("credit_notes", tables.credit_note)
lines = Projection("statement_lines", tables.line)


@batches.on(f.BatchSealed)
def batch_sealed(recorded: Recorded[f.BatchSealed], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        tables.batch,
        recorded,
        sql,
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


def _update_batch(recorded: Recorded[Any], sql: sa.Connection, **values: Any) -> None:
    rows.change(tables.batch, recorded, sql, {"batch_id": recorded.aggregate_id}, **values)


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
    rows.put(tables.person, recorded, sql, {"user_id": event.user_id}, name=name)


@roles.on(f.RoleLearnt)
def role_learnt(recorded: Recorded[f.RoleLearnt], sql: sa.Connection) -> None:
    event = recorded.event
    rows.ensure(tables.role, recorded, sql, user_id=event.user_id, role=event.role)


@roles.on(f.RoleLost)
def role_lost(recorded: Recorded[f.RoleLost], sql: sa.Connection) -> None:
    event = recorded.event
    rows.remove(tables.role, recorded, sql, user_id=event.user_id, role=event.role)


@roles.on(f.PersonDisabled)
def person_disabled(recorded: Recorded[f.PersonDisabled], sql: sa.Connection) -> None:
    rows.remove(tables.role, recorded, sql, user_id=recorded.event.user_id)


@credit_notes.on(f.CreditNoteLearnt)
def credit_note_learnt(recorded: Recorded[f.CreditNoteLearnt], sql: sa.Connection) -> None:
    event = recorded.event
    rows.put(
        tables.credit_note,
        recorded,
        sql,
        {"credit_note_id": recorded.aggregate_id},
        at_first={"party_id": event.party_id, "currency": event.remaining.currency},
        remaining_minor=event.remaining.minor,
    )


@lines.on(f.StatementLineBooked)
def statement_line_booked(recorded: Recorded[f.StatementLineBooked], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        tables.line,
        recorded,
        sql,
        line_id=recorded.aggregate_id,
        kind=event.kind,
        bank_reference=event.bank_reference,
        currency=event.amount.currency,
        amount_minor=event.amount.minor,
        booked_on=event.booked_on,
        fault=event.fault,
    )
