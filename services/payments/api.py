"""The JSON interface: orders read, sent to approval, changed and stopped; who pays from where.

Every POST that moves money, or brings it nearer to moving, takes an `Idempotency-Key`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from services.payments import queries
from services.payments.acts import by_hand
from services.payments.desk import Desk, Prepares, Sees, existing
from services.payments.model.timing import DueDateRoll
from services.payments.queries import Payable
from shared.money import Money
from shared.web.idempotency import OnceKey, RequestKey, once
from shared.web.problem import not_found
from shared.web.routers import api_router
from shared.web.scope import TenantScope
from shared.work import Work

_MINOR_MAX = 10**15 - 1
_CREATED = 201


class Amount(BaseModel):
    """Minor units (øre, öre, cents) of a currency (ISO 4217)."""

    minor: int = Field(gt=0, le=_MINOR_MAX)
    currency: str = Field(pattern="^[A-Z]{3}$")


class Reason(BaseModel):
    code: str
    field: str
    expected: str | None = None


class Order(BaseModel):
    """A payment order. Names and accounts are on the page, not in the list."""

    payment_id: UUID
    invoice_id: UUID
    invoice_number: str
    revision: int
    state: str
    amount: Amount
    remaining_minor: int
    due_on: date
    pay_on: date
    execute_on: date | None
    executed_on: date | None
    reasons: list[Reason]
    warnings: list[str]
    voucher: str | None


class ApprovalRequest(BaseModel):
    payments: list[UUID] = Field(min_length=1, max_length=500)


class Asked(BaseModel):
    request_id: UUID
    payments: list[UUID]


class Revision(BaseModel):
    """Another amount, another day, or both."""

    amount: Amount | None = None
    pay_on: date | None = None


class Payer(BaseModel):
    """The account that is paid from, and which way a due date on a bank holiday moves."""

    debtor_account: str = Field(min_length=5, max_length=34)
    roll: DueDateRoll = DueDateRoll.PRECEDING
    in_transit: bool = False


class Happening(BaseModel):
    """One event of an order: when, by whom (`user:<id>` or `service:<name>`), and its stored name."""

    at: datetime
    actor: str
    event: str


def api_of(desk: Desk) -> APIRouter:
    api = api_router("payments", "/tenants/{tenant_id}")

    @api.get("/payments")
    def payments(scope: Sees) -> list[Order]:
        with desk.reading(scope.tenant_id) as sql:
            return [_order(one) for one in queries.payables(sql, scope.tenant_id)]

    @api.get("/payments/{payment_id}")
    def payment(scope: Sees, payment_id: UUID) -> Order:
        with desk.reading(scope.tenant_id) as sql:
            found = queries.payable(sql, scope.tenant_id, payment_id)
        if found is None:
            raise not_found()
        return _order(found)

    @api.get("/payments/{payment_id}/history")
    def history(scope: Sees, payment_id: UUID) -> list[Happening]:
        """What happened to one order, in order; it follows the log and may be a moment behind."""
        with desk.reading(scope.tenant_id) as sql:
            if queries.payable(sql, scope.tenant_id, payment_id) is None:
                raise not_found()
            moments = queries.timeline(sql, scope.tenant_id, payment_id)
        return [Happening(at=one.at, actor=one.actor, event=one.event) for one in moments]

    @api.put("/payer", status_code=204)
    def set_up_payer(scope: Prepares, wanted: Payer) -> None:
        desk.work(
            scope,
            lambda work: by_hand.set_up_payer(
                work,
                desk.opener,
                scope.identity.user_id,
                wanted.debtor_account,
                roll=wanted.roll,
                in_transit=wanted.in_transit,
            ),
        )

    _orders_asked(api, desk)
    return api


def _orders_asked(api: APIRouter, desk: Desk) -> None:
    """What moves an order nearer to its payment, or away from it."""

    def answer(
        scope: TenantScope, key: RequestKey, command: Callable[[Work, UUID], Any]
    ) -> JSONResponse:
        """Created, or the first answer again."""
        person = scope.identity.user_id
        status, content = desk.work(
            scope, lambda work: once(work, key, lambda: (_CREATED, command(work, person)))
        )
        return JSONResponse(content, status)

    @api.post("/approval-requests", status_code=_CREATED, response_model=Asked)
    def ask(scope: Prepares, key: OnceKey, wanted: ApprovalRequest) -> JSONResponse:
        """Put orders to the approvers, together. All of them, or none."""
        request_id = uuid5(scope.tenant_id, key.key)
        payments = sorted(set(wanted.payments))

        def command(work: Work, person: UUID) -> Any:
            for payment_id in payments:
                existing(work, payment_id)
            by_hand.ask_approval(work, desk.opener, request_id, person, payments)
            return {"request_id": request_id, "payments": payments}

        return answer(scope, key, command)

    @api.post("/payments/{payment_id}/revisions", status_code=_CREATED, response_model=Order)
    def revise(scope: Prepares, key: OnceKey, payment_id: UUID, wanted: Revision) -> JSONResponse:
        """Every yes to an earlier revision is void."""
        amount = Money(wanted.amount.minor, wanted.amount.currency) if wanted.amount else None

        def command(work: Work, person: UUID) -> Any:
            existing(work, payment_id)
            by_hand.revise(work, person, payment_id, amount=amount, pay_on=wanted.pay_on)
            return _order(existing(work, payment_id)).model_dump(mode="json")

        return answer(scope, key, command)

    @api.post("/payments/{payment_id}/withdrawals", status_code=_CREATED, response_model=Order)
    def withdraw(scope: Prepares, key: OnceKey, payment_id: UUID) -> JSONResponse:
        """Take an order back before it leaves; its invoice stays open."""

        def command(work: Work, person: UUID) -> Any:
            existing(work, payment_id)
            by_hand.withdraw(work, person, payment_id)
            return _order(existing(work, payment_id)).model_dump(mode="json")

        return answer(scope, key, command)


def _order(one: Payable) -> Order:
    return Order(
        payment_id=one.payment_id,
        invoice_id=one.invoice_id,
        invoice_number=one.number,
        revision=one.revision,
        state=one.state.value,
        amount=Amount.model_construct(minor=one.amount.minor, currency=one.amount.currency),
        remaining_minor=one.remaining.minor,
        due_on=one.due_on,
        pay_on=one.pay_on,
        execute_on=one.execute_on,
        executed_on=one.executed_on,
        reasons=[Reason(code=r.code, field=r.field, expected=r.expected) for r in one.reasons],
        warnings=list(one.warnings),
        voucher=one.voucher,
    )
