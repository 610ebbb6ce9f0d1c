"""The JSON interface: orders read, sent to approval, changed and stopped; who pays from where.

Every POST that moves money, or brings it nearer to moving, takes an `Idempotency-Key`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from services.payments import office, queries
from services.payments.model.timing import DueDateRoll
from services.payments.pages.acts import Desk
from services.payments.queries import Payable
from shared.money import Money
from shared.web.frame import ADMINISTRATOR, APPROVER, BOOKKEEPER, OPERATIONS
from shared.web.idempotency import OnceKey, RequestKey, once
from shared.web.problem import not_found
from shared.web.scope import TenantScope, tenant_scope
from shared.work import Work

Reads = Annotated[
    TenantScope, Depends(tenant_scope(BOOKKEEPER, APPROVER, OPERATIONS, ADMINISTRATOR))
]
Prepares = Annotated[TenantScope, Depends(tenant_scope(BOOKKEEPER, ADMINISTRATOR))]
_MINOR_MAX = 10**15 - 1


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


def api_of(desk: Desk) -> APIRouter:
    api = APIRouter(prefix="/tenants/{tenant_id}")

    @api.get("/payments")
    def payments(scope: Reads) -> list[Order]:
        with desk.runtime.app.transaction([scope.tenant_id]) as transaction:
            return [_order(one) for one in queries.payables(transaction.sql, scope.tenant_id)]

    @api.get("/payments/{payment_id}")
    def payment(scope: Reads, payment_id: UUID) -> Order:
        with desk.runtime.app.transaction([scope.tenant_id]) as transaction:
            found = queries.payable(transaction.sql, scope.tenant_id, payment_id)
        if found is None:
            raise not_found()
        return _order(found)

    @api.put("/payer", status_code=204)
    def set_up_payer(scope: Prepares, wanted: Payer) -> None:
        person = scope.identity.user_id
        desk.runtime.work(
            scope.tenant_id,
            f"user:{person}",
            lambda work: office.set_up_payer(
                work,
                desk.opener,
                person,
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
        scope: TenantScope, key: RequestKey, command: Callable[[Work, UUID], tuple[int, Any]]
    ) -> JSONResponse:
        person = scope.identity.user_id
        status, content = desk.runtime.work(
            scope.tenant_id,
            f"user:{person}",
            lambda work: once(work, key, lambda: command(work, person)),
        )
        return JSONResponse(content, status)

    @api.post("/approval-requests", status_code=201, response_model=Asked)
    def ask(scope: Prepares, key: OnceKey, wanted: ApprovalRequest) -> JSONResponse:
        """Put orders to the approvers, together. All of them, or none."""
        request_id = uuid5(scope.tenant_id, key.key)

        def command(work: Work, person: UUID) -> tuple[int, Any]:
            _exist(work, wanted.payments)
            office.ask_approval(work, desk.opener, request_id, person, wanted.payments)
            return 201, {"request_id": request_id, "payments": sorted(set(wanted.payments))}

        return answer(scope, key, command)

    @api.post("/payments/{payment_id}/revisions", status_code=201, response_model=Order)
    def revise(scope: Prepares, key: OnceKey, payment_id: UUID, wanted: Revision) -> JSONResponse:
        """Every yes to an earlier revision is void."""
        amount = Money(wanted.amount.minor, wanted.amount.currency) if wanted.amount else None

        def command(work: Work, person: UUID) -> tuple[int, Any]:
            _exist(work, [payment_id])
            office.revise(work, person, payment_id, amount=amount, pay_on=wanted.pay_on)
            return 201, _order(_found(work, payment_id)).model_dump(mode="json")

        return answer(scope, key, command)

    @api.post("/payments/{payment_id}/withdrawals", status_code=201, response_model=Order)
    def withdraw(scope: Prepares, key: OnceKey, payment_id: UUID) -> JSONResponse:
        def command(work: Work, person: UUID) -> tuple[int, Any]:
            _exist(work, [payment_id])
            office.withdraw(work, person, payment_id)
            return 201, _order(_found(work, payment_id)).model_dump(mode="json")

        return answer(scope, key, command)


def _found(work: Work, payment_id: UUID) -> Payable:
    found = queries.payable(work.sql, work.tenant_id, payment_id)
    if found is None:
        raise not_found()
    return found


def _exist(work: Work, payment_ids: list[UUID]) -> None:
    """An id of another company looks like one that does not exist."""
    for payment_id in payment_ids:
        _found(work, payment_id)


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
