"""The questions asked of the read tables. Each is one tenant's, by parameter and by row security."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.payments import tables
from services.payments.model.blocking import Earlier, Supplier
from services.payments.model.people import APPROVER
from services.payments.values import APPROVED, AT_BANK, BEFORE_RELEASE, OVER, State
from shared.contracts.values import Fault
from shared.money import Money
from shared.sealed import Sealed

_order = tables.order


@dataclass(frozen=True, slots=True)
class Payable:
    """One order as a list shows it. The payee's name is sealed; `reasons` and `warnings` are codes.

    `yes_by` and `still_needed` are what was told of the present request; the evidence at its end is
    what counts.
    """

    payment_id: UUID
    invoice_id: UUID
    attempt: int
    revision: int
    state: State
    since_at: datetime
    party_id: UUID
    party_number: str
    party_name: Sealed
    number: str
    amount: Money
    gross: Money
    remaining: Money
    account_kind: str | None
    account_last4: str | None
    due_on: date
    pay_on: date
    latest_approval_at: datetime
    execute_on: date | None
    executed_on: date | None
    reasons: tuple[Fault, ...]
    warnings: tuple[str, ...]
    request_id: UUID | None
    yes_by: tuple[UUID, ...]
    still_needed: int | None
    batch_id: UUID | None
    document: str | None
    voucher: str | None
    bookkept_at: datetime | None


@dataclass(frozen=True, slots=True)
class Moment:
    """One event of an order's life: who, when, and its stored name."""

    version: int
    at: datetime
    actor: str
    event: str
    correlation_id: UUID


@dataclass(frozen=True, slots=True)
class Stage:
    """How many orders are in a state, what they add up to, and how long the oldest has been there.

    `partly`: of those that wait for approval, the ones to which somebody has said yes already.
    `due_on` is the earliest due date among them.
    """

    state: State
    partly: bool
    currency: str
    count: int
    amount: Money
    oldest: timedelta
    due_on: date


def _payable(row: sa.Row[Any]) -> Payable:
    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    name = row.party_name
    return Payable(
        payment_id=row.payment_id,
        invoice_id=row.invoice_id,
        attempt=row.attempt,
        revision=row.revision,
        state=State(row.state),
        since_at=row.since_at,
        party_id=row.party_id,
        party_number=row.party_number,
        party_name=Sealed(UUID(name["subject"]), name["sealed"]),
        number=row.number,
        amount=money(row.amount_minor),
        gross=money(row.gross_minor),
        remaining=money(row.remaining_minor),
        account_kind=row.account_kind,
        account_last4=row.account_last4,
        due_on=row.due_on,
        pay_on=row.pay_on,
        latest_approval_at=row.latest_approval_at,
        execute_on=row.execute_on,
        executed_on=row.executed_on,
        reasons=tuple(Fault(**reason) for reason in row.reasons),
        warnings=tuple(row.warnings),
        request_id=row.request_id,
        yes_by=tuple(dict.fromkeys(map(UUID, row.yes_by))),
        still_needed=row.still_needed,
        batch_id=row.batch_id,
        document=row.document,
        voucher=row.voucher,
        bookkept_at=row.bookkept_at,
    )


def payables(
    sql: sa.Connection, tenant_id: UUID, states: Collection[State] = frozenset(State)
) -> list[Payable]:
    """The orders in these states, the next due first."""
    query = (
        sa.select(_order)
        .where(_order.c.tenant_id == tenant_id, _order.c.state.in_([s.value for s in states]))
        .order_by(_order.c.due_on, _order.c.payment_id)
    )
    return [_payable(row) for row in sql.execute(query)]


def to_redo(sql: sa.Connection, tenant_id: UUID) -> list[Payable]:
    """Orders that came to nothing at the bank, whose invoice is still owed and has no newer one."""
    newer = _order.alias()
    query = (
        sa.select(_order)
        .where(
            _order.c.tenant_id == tenant_id,
            _order.c.state.in_([State.BANK_REJECTED.value, State.RETURNED.value]),
            _order.c.remaining_minor > 0,
            ~sa.exists().where(
                newer.c.tenant_id == tenant_id,
                newer.c.invoice_id == _order.c.invoice_id,
                newer.c.attempt > _order.c.attempt,
            ),
        )
        .order_by(_order.c.due_on, _order.c.payment_id)
    )
    return [_payable(row) for row in sql.execute(query)]


def payable(sql: sa.Connection, tenant_id: UUID, payment_id: UUID) -> Payable | None:
    row = sql.execute(
        sa.select(_order).where(_order.c.tenant_id == tenant_id, _order.c.payment_id == payment_id)
    ).one_or_none()
    return None if row is None else _payable(row)


def timeline(sql: sa.Connection, tenant_id: UUID, payment_id: UUID) -> list[Moment]:
    """What happened to one order, in order; it follows the log and may be a moment behind."""
    moment = tables.timeline
    query = (
        sa.select(
            moment.c.version,
            moment.c.at,
            moment.c.actor,
            moment.c.event,
            moment.c.correlation_id,
        )
        .where(moment.c.tenant_id == tenant_id, moment.c.payment_id == payment_id)
        .order_by(moment.c.version)
    )
    return [Moment(*row) for row in sql.execute(query)]


def pipeline(sql: sa.Connection, tenant_id: UUID, now: datetime) -> list[Stage]:
    """Counts, sums and ages per state, in the order of an order's life."""
    awaits = _order.c.state == State.AWAITING_APPROVAL.value
    partly = sa.and_(awaits, sa.func.jsonb_array_length(_order.c.yes_by) > 0).label("partly")
    query = (
        sa.select(
            _order.c.state,
            partly,
            _order.c.currency,
            sa.func.count(),
            sa.func.sum(_order.c.amount_minor),
            sa.func.min(_order.c.since_at),
            sa.func.min(_order.c.due_on),
        )
        .where(_order.c.tenant_id == tenant_id)
        .group_by(_order.c.state, partly, _order.c.currency)
    )
    stages = [
        Stage(State(state), is_partly, code, count, Money(int(minor), code), now - since, due_on)
        for state, is_partly, code, count, minor, since, due_on in sql.execute(query)
    ]
    places = list(State)
    return sorted(stages, key=lambda one: (places.index(one.state), one.partly, one.currency))


def supplier(sql: sa.Connection, tenant_id: UUID, party_id: UUID) -> Supplier:
    """What was paid to a supplier before: the accounts, the last first, and the largest amount."""
    paid = tables.paid
    rows = sql.execute(
        sa.select(paid.c.account, paid.c.currency, paid.c.amount_minor)
        .where(paid.c.tenant_id == tenant_id, paid.c.party_id == party_id)
        .order_by(paid.c.position.desc())
    ).all()
    accounts = tuple(dict.fromkeys(row.account for row in rows if row.account))
    if not rows:
        return Supplier()
    currency = rows[0].currency
    largest = max(row.amount_minor for row in rows if row.currency == currency)
    return Supplier(accounts, Money(largest, currency))


def last_paid(
    sql: sa.Connection, tenant_id: UUID, party_id: UUID, payment_id: UUID
) -> tuple[UUID, date, Money] | None:
    """The order by which a supplier was paid the last time, not counting the one looked at."""
    paid = tables.paid
    row = sql.execute(
        sa.select(paid)
        .where(
            paid.c.tenant_id == tenant_id,
            paid.c.party_id == party_id,
            paid.c.payment_id != payment_id,
        )
        .order_by(paid.c.position.desc())
        .limit(1)
    ).one_or_none()
    return row and (row.payment_id, row.executed_on, Money(row.amount_minor, row.currency))


def numbers(sql: sa.Connection, tenant_id: UUID, payment_ids: Collection[UUID]) -> dict[UUID, str]:
    """The invoice numbers of orders by their ids."""
    query = sa.select(_order.c.payment_id, _order.c.number).where(
        _order.c.tenant_id == tenant_id, _order.c.payment_id.in_(payment_ids)
    )
    return {row.payment_id: row.number for row in sql.execute(query)}


def earlier(
    sql: sa.Connection,
    tenant_id: UUID,
    invoice_id: UUID,
    party_id: UUID,
    account: str | None,
    document: str | None,
) -> list[Earlier]:
    """Orders for other invoices, live or paid, that share supplier, account or document."""
    order = _order.c
    shared = [order.party_id == party_id]
    shared += [order.account == account] if account else []
    shared += [order.document == document] if document else []
    query = (
        sa.select(_order)
        .where(
            order.tenant_id == tenant_id,
            order.invoice_id != invoice_id,
            order.state.not_in([state.value for state in OVER]),
            sa.or_(*shared),
        )
        .order_by(order.payment_id)
    )
    return [
        Earlier(
            payment_id=row.payment_id,
            party_id=row.party_id,
            number=row.number,
            issued_on=row.issued_on,
            gross=Money(row.gross_minor, row.currency),
            account=row.account,
            reference=row.reference,
            document=row.document,
            approved=State(row.state) in APPROVED,
        )
        for row in sql.execute(query)
    ]


def approvers(sql: sa.Connection, tenant_id: UUID) -> frozenset[UUID]:
    """Who may approve now, by our own copy."""
    role = tables.role.c
    query = sa.select(role.user_id).where(role.tenant_id == tenant_id, role.role == APPROVER)
    return frozenset(sql.execute(query).scalars())


def names(sql: sa.Connection, tenant_id: UUID) -> dict[UUID, Sealed]:
    """The people of a client by id, sealed."""
    person = tables.person.c
    query = sa.select(person.user_id, person.name).where(person.tenant_id == tenant_id)
    return {
        row.user_id: Sealed(UUID(row.name["subject"]), row.name["sealed"])
        for row in sql.execute(query)
    }


def roles_of(sql: sa.Connection, tenant_id: UUID, user_id: UUID) -> frozenset[str]:
    role = tables.role.c
    query = sa.select(role.role).where(role.tenant_id == tenant_id, role.user_id == user_id)
    return frozenset(sql.execute(query).scalars())


def open_credit_notes(sql: sa.Connection, tenant_id: UUID, party_id: UUID) -> list[UUID]:
    """A supplier's credit notes of which something is not yet set against an invoice."""
    note = tables.credit_note.c
    query = (
        sa.select(note.credit_note_id)
        .where(note.tenant_id == tenant_id, note.party_id == party_id, note.remaining_minor > 0)
        .order_by(note.credit_note_id)
    )
    return list(sql.execute(query).scalars())


def attempts(sql: sa.Connection, tenant_id: UUID, invoice_id: UUID) -> list[Payable]:
    """The orders made for an invoice, the first first."""
    query = (
        sa.select(_order)
        .where(_order.c.tenant_id == tenant_id, _order.c.invoice_id == invoice_id)
        .order_by(_order.c.attempt)
    )
    return [_payable(row) for row in sql.execute(query)]


def unreleased_of(sql: sa.Connection, tenant_id: UUID, party_id: UUID) -> list[Payable]:
    """A supplier's orders that have not left yet."""
    query = (
        sa.select(_order)
        .where(
            _order.c.tenant_id == tenant_id,
            _order.c.party_id == party_id,
            _order.c.state.in_([state.value for state in BEFORE_RELEASE]),
        )
        .order_by(_order.c.payment_id)
    )
    return [_payable(row) for row in sql.execute(query)]


def in_batch(sql: sa.Connection, tenant_id: UUID, batch_id: UUID) -> list[Payable]:
    """The orders that left in one message."""
    query = (
        sa.select(_order)
        .where(_order.c.tenant_id == tenant_id, _order.c.batch_id == batch_id)
        .order_by(_order.c.payment_id)
    )
    return [_payable(row) for row in sql.execute(query)]


def due(sql: sa.Connection, tenant_id: UUID, rail: str, now: datetime) -> list[UUID]:
    """Scheduled orders of a rail whose hour has come, in the order of their ids."""
    order = _order.c
    query = (
        sa.select(order.payment_id)
        .where(
            order.tenant_id == tenant_id,
            order.state == State.SCHEDULED.value,
            order.rail == rail,
            order.release_at <= now,
        )
        .order_by(order.payment_id)
    )
    return list(sql.execute(query).scalars())


def is_anything_at_bank(sql: sa.Connection, tenant_id: UUID) -> bool:
    states = [state.value for state in AT_BANK]
    query = sa.select(
        sa.exists().where(_order.c.tenant_id == tenant_id, _order.c.state.in_(states))
    )
    return bool(sql.execute(query).scalar())


def is_open(sql: sa.Connection, tenant_id: UUID, batch_id: UUID) -> bool:
    """Whether the bank still owes a last word on any order of a batch."""
    states = [state.value for state in AT_BANK]
    query = sa.select(
        sa.exists().where(
            _order.c.tenant_id == tenant_id,
            _order.c.batch_id == batch_id,
            _order.c.state.in_(states),
        )
    )
    return bool(sql.execute(query).scalar())


def released_as(
    sql: sa.Connection, tenant_id: UUID, end_to_end_ids: Sequence[str]
) -> dict[str, UUID]:
    """Which orders these end-to-end ids were given to; unknown ids are not in the answer."""
    released = tables.released.c
    query = sa.select(released.end_to_end_id, released.payment_id).where(
        released.tenant_id == tenant_id, released.end_to_end_id.in_(end_to_end_ids)
    )
    return {row.end_to_end_id: row.payment_id for row in sql.execute(query)}


def last_line_on(sql: sa.Connection, tenant_id: UUID) -> date | None:
    """The day of the newest statement line that was taken in."""
    line = tables.line.c
    query = sa.select(sa.func.max(line.booked_on)).where(line.tenant_id == tenant_id)
    found: date | None = sql.execute(query).scalar()
    return found
