"""An order's own events as its row, which guards rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.payments import tables
from services.payments.events import order as e
from services.payments.values import Invoice, Plan, State
from shared.contracts.values import Fault
from shared.eventstore.events import Event, Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

orders = Projection("orders", tables.order, tables.released, tables.paid)

STATE_AFTER: dict[type[Event], State] = {
    e.PaymentDrafted: State.DRAFT,
    e.PaymentReady: State.DRAFT,
    e.PaymentBlocked: State.BLOCKED,
    e.ApprovalAsked: State.AWAITING_APPROVAL,
    e.PaymentApproved: State.APPROVED,
    e.PaymentScheduled: State.SCHEDULED,
    e.PaymentHeld: State.HELD,
    e.HoldReleased: State.APPROVED,
    e.PaymentWithdrawn: State.CANCELLED,
    e.PaymentReleased: State.RELEASING,
    e.PaymentNotSent: State.SCHEDULED,
    e.PaymentSubmitted: State.SUBMITTED,
    e.PaymentOutcomeUnknown: State.OUTCOME_UNKNOWN,
    e.PaymentAccepted: State.ACCEPTED,
    e.PaymentAwaitsFunds: State.AWAITING_FUNDS,
    e.PaymentRefusedByBank: State.BANK_REJECTED,
    e.CancelRequested: State.CANCEL_PENDING,
    e.CancelConfirmed: State.CANCELLED,
    e.PaymentReturned: State.RETURNED,
}
"""Where the state follows from the event alone; the rest is in the handlers below."""


def _update(recorded: Recorded[Any], sql: sa.Connection, **values: Any) -> None:
    rows.change(tables.order, recorded, sql, {"payment_id": recorded.aggregate_id}, **values)


def _to(state: State, recorded: Recorded[Any]) -> dict[str, Any]:
    return {"state": state.value, "since_at": recorded.meta.recorded_at}


def _moved(recorded: Recorded[Any]) -> dict[str, Any]:
    return _to(STATE_AFTER[type(recorded.event)], recorded)


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "rail": plan.rail,
        "pay_on": plan.pay_on,
        "latest_approval_at": plan.latest_approval_at,
    }


def _invoice(invoice: Invoice) -> dict[str, Any]:
    account = invoice.account
    name = invoice.party_name
    return {
        "invoice_id": invoice.invoice_id,
        "party_id": invoice.party_id,
        "party_number": invoice.party_number,
        "party_name": {"subject": str(name.subject), "sealed": name.sealed},
        "number": invoice.number,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "currency": invoice.gross.currency,
        "gross_minor": invoice.gross.minor,
        "remaining_minor": invoice.remaining.minor,
        "account_kind": account and account.kind,
        "account": account and account.fingerprint,
        "account_last4": account and account.last4,
        "reference": account and account.reference_fingerprint,
        "document": invoice.copy_of and invoice.copy_of.sha256,
    }


def _reasons(reasons: Sequence[Fault]) -> list[dict[str, Any]]:
    return [asdict(reason) for reason in reasons]


@orders.on(e.PaymentDrafted)
def payment_drafted(recorded: Recorded[e.PaymentDrafted], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        tables.order,
        recorded,
        sql,
        payment_id=recorded.aggregate_id,
        attempt=event.attempt,
        revision=1,
        amount_minor=event.amount.minor,
        reasons=[],
        warnings=[],
        yes_by=[],
        **_moved(recorded),
        **_invoice(event.invoice),
        **_plan(event.plan),
    )


@orders.on(
    e.PaymentReady,
    e.PaymentApproved,
    e.PaymentWithdrawn,
    e.PaymentSubmitted,
    e.PaymentOutcomeUnknown,
    e.PaymentAccepted,
    e.PaymentAwaitsFunds,
    e.PaymentRefusedByBank,
    e.CancelRequested,
    e.CancelConfirmed,
    e.PaymentReturned,
)
def state_changed(recorded: Recorded[Any], sql: sa.Connection) -> None:
    _update(recorded, sql, **_moved(recorded))


@orders.on(e.PaymentBlocked)
def payment_blocked(recorded: Recorded[e.PaymentBlocked], sql: sa.Connection) -> None:
    more = sa.type_coerce(_reasons(recorded.event.reasons), tables.order.c.reasons.type)
    _update(recorded, sql, reasons=tables.order.c.reasons.op("||")(more), **_moved(recorded))


@orders.on(e.BlockCleared, e.BlockLifted)
def reason_gone(recorded: Recorded[Any], sql: sa.Connection) -> None:
    order = tables.order
    place = (
        order.c.tenant_id == recorded.tenant_id,
        order.c.payment_id == recorded.aggregate_id,
        # What is held shows why until somebody has let it go on.
        order.c.state == State.BLOCKED.value,
    )
    standing = sql.execute(sa.select(order.c.reasons).where(*place)).scalar_one_or_none()
    if standing is not None:
        gone = asdict(recorded.event.reason)
        _update(recorded, sql, reasons=[reason for reason in standing if reason != gone])


@orders.on(e.InvoiceRevised)
def invoice_revised(recorded: Recorded[e.InvoiceRevised], sql: sa.Connection) -> None:
    event = recorded.event
    _update(
        recorded,
        sql,
        revision=event.revision,
        amount_minor=event.amount.minor,
        reasons=[],
        execute_on=None,
        **_to(State.DRAFT, recorded),
        **_invoice(event.invoice),
        **_plan(event.plan),
    )


@orders.on(e.InvoiceCopyNoted)
def invoice_copy_noted(recorded: Recorded[e.InvoiceCopyNoted], sql: sa.Connection) -> None:
    _update(recorded, sql, document=recorded.event.copy_of.sha256)


@orders.on(e.RemainingChanged)
def remaining_changed(recorded: Recorded[e.RemainingChanged], sql: sa.Connection) -> None:
    _update(recorded, sql, remaining_minor=recorded.event.remaining.minor)


def _draft_or_blocked() -> sa.ColumnElement[str]:
    blocked = sa.func.jsonb_array_length(tables.order.c.reasons) > 0
    return sa.case((blocked, State.BLOCKED.value), else_=State.DRAFT.value)


@orders.on(e.PaymentRevised)
def payment_revised(recorded: Recorded[e.PaymentRevised], sql: sa.Connection) -> None:
    event = recorded.event
    _update(
        recorded,
        sql,
        revision=event.revision,
        amount_minor=event.amount.minor,
        execute_on=None,
        state=_draft_or_blocked(),
        since_at=recorded.meta.recorded_at,
        **_plan(event.plan),
    )


@orders.on(e.ApprovalAsked)
def approval_asked(recorded: Recorded[e.ApprovalAsked], sql: sa.Connection) -> None:
    event = recorded.event
    _update(
        recorded,
        sql,
        request_id=event.request_id,
        warnings=list(event.warnings),
        yes_by=[],
        still_needed=None,
        **_moved(recorded),
    )


@orders.on(e.GrantNoted)
def grant_noted(recorded: Recorded[e.GrantNoted], sql: sa.Connection) -> None:
    event, order = recorded.event, tables.order
    more = sa.type_coerce([str(event.approver_id)], order.c.yes_by.type)
    yes_by = order.c.yes_by.op("||")(more)
    _update(recorded, sql, yes_by=yes_by, still_needed=event.still_needed)


@orders.on(e.PaymentRejected, e.ApprovalExpired)
def approval_ended(recorded: Recorded[Any], sql: sa.Connection) -> None:
    revised = {}
    if isinstance(recorded.event, e.PaymentRejected):
        revised = {"revision": recorded.event.revision}
    _update(recorded, sql, **_to(State.DRAFT, recorded), **revised)


@orders.on(e.PaymentScheduled)
def payment_scheduled(recorded: Recorded[e.PaymentScheduled], sql: sa.Connection) -> None:
    event = recorded.event
    execute_on, release_at = event.execute_on, event.release_at
    _update(recorded, sql, execute_on=execute_on, release_at=release_at, **_moved(recorded))


@orders.on(e.PaymentHeld)
def payment_held(recorded: Recorded[e.PaymentHeld], sql: sa.Connection) -> None:
    held = _reasons([recorded.event.reason])
    _update(recorded, sql, reasons=held, **_moved(recorded))


@orders.on(e.HoldReleased)
def hold_released(recorded: Recorded[e.HoldReleased], sql: sa.Connection) -> None:
    _update(recorded, sql, reasons=[], **_moved(recorded))


@orders.on(e.PaymentReleased)
def payment_released(recorded: Recorded[e.PaymentReleased], sql: sa.Connection) -> None:
    event = recorded.event
    _update(recorded, sql, batch_id=event.batch_id, **_moved(recorded))
    rows.ensure(
        tables.released,
        recorded,
        sql,
        end_to_end_id=event.end_to_end_id,
        payment_id=recorded.aggregate_id,
    )


@orders.on(e.PaymentNotSent)
def payment_not_sent(recorded: Recorded[e.PaymentNotSent], sql: sa.Connection) -> None:
    _update(recorded, sql, batch_id=None, **_moved(recorded))


@orders.on(e.OutcomeProved)
def outcome_proved(recorded: Recorded[e.OutcomeProved], sql: sa.Connection) -> None:
    if recorded.event.received:
        _update(recorded, sql, **_to(State.SUBMITTED, recorded))
    else:
        _update(recorded, sql, batch_id=None, **_to(State.SCHEDULED, recorded))


@orders.on(e.CancelRefused)
def cancel_refused(recorded: Recorded[e.CancelRefused], sql: sa.Connection) -> None:
    _update(recorded, sql, **_to(recorded.event.back_to, recorded))


@orders.on(e.PaymentExecuted)
def payment_executed(recorded: Recorded[e.PaymentExecuted], sql: sa.Connection) -> None:
    event, order = recorded.event, tables.order
    returned = order.c.state == State.RETURNED.value
    state = sa.case((returned, order.c.state), else_=State.EXECUTED.value)
    since_at = recorded.meta.recorded_at
    _update(recorded, sql, executed_on=event.executed_on, state=state, since_at=since_at)
    facts = sa.select(
        order.c.tenant_id,
        order.c.payment_id,
        order.c.party_id,
        order.c.account,
        sa.literal(event.amount.currency),
        sa.literal(event.amount.minor, sa.BigInteger),
        sa.literal(event.executed_on),
        sa.literal(recorded.position, sa.BigInteger),
    ).where(order.c.tenant_id == recorded.tenant_id, order.c.payment_id == recorded.aggregate_id)
    columns = [column.name for column in tables.paid.columns]
    sql.execute(insert(tables.paid).from_select(columns, facts).on_conflict_do_nothing())


@orders.on(e.PaymentReconciled)
def payment_reconciled(recorded: Recorded[e.PaymentReconciled], sql: sa.Connection) -> None:
    order = tables.order
    executed = order.c.state == State.EXECUTED.value
    state = sa.case((executed, State.RECONCILED.value), else_=order.c.state)
    _update(recorded, sql, state=state, since_at=recorded.meta.recorded_at)


@orders.on(e.PaymentBookkept)
def payment_bookkept(recorded: Recorded[e.PaymentBookkept], sql: sa.Connection) -> None:
    at = recorded.meta.recorded_at
    _update(recorded, sql, voucher=recorded.event.voucher, bookkept_at=at)
