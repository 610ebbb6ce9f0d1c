"""What people do with one payment: each form comes back to the page with the rules' answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from services.payments import office, queries
from services.payments.opening import Opener
from services.payments.pages.payables import Prepares, Reads
from services.payments.releasing import Releaser
from shared.contracts.values import Fault
from shared.decider import Rejected
from shared.money import Money, MoneyError
from shared.runtime import Runtime
from shared.web.problem import INVALID, FieldError, Problem, not_found
from shared.web.scope import TenantScope
from shared.work import Work

PREFIX = "/payments/{tenant_id}/payables/{payment_id}"
_SEE_OTHER = HTTPStatus.SEE_OTHER


@dataclass(frozen=True, slots=True)
class Desk:
    """Does what a signed-in person asks of one payment."""

    runtime: Runtime
    opener: Opener
    releaser: Releaser

    def act(
        self, scope: TenantScope, payment_id: UUID, command: Callable[[Work, UUID], Any]
    ) -> Response:
        here = f"/payments/{scope.tenant_id}/payables/{payment_id}"
        person = scope.identity.user_id
        try:
            self.runtime.work(scope.tenant_id, f"user:{person}", lambda work: command(work, person))
        except Rejected as refused:
            return RedirectResponse(f"{here}?refused={refused.code}", _SEE_OTHER)
        return RedirectResponse(here, _SEE_OTHER)


def changes_of(desk: Desk) -> APIRouter:
    """While nothing has left."""
    pages = APIRouter(prefix=PREFIX)

    @pages.post("/change")
    def change(
        scope: Prepares,
        payment_id: UUID,
        pay_on: Annotated[date | None, Form()] = None,
        amount: Annotated[str, Form(max_length=20)] = "",
        currency: Annotated[str, Form(max_length=3)] = "",
    ) -> Response:
        wanted = _amount(amount, currency) if amount else None
        return desk.act(
            scope,
            payment_id,
            lambda work, person: office.revise(
                work, person, payment_id, amount=wanted, pay_on=pay_on
            ),
        )

    @pages.post("/clear")
    def clear(
        scope: Reads,
        payment_id: UUID,
        reason: Annotated[str, Form(max_length=500)],
        text: Annotated[str, Form(max_length=1000)] = "",
    ) -> Response:
        fault = _fault(reason)
        return desk.act(
            scope,
            payment_id,
            lambda work, person: office.clear_block(
                work, desk.opener, person, payment_id, fault, text
            ),
        )

    @pages.post("/withdraw")
    def withdraw(scope: Prepares, payment_id: UUID) -> Response:
        return desk.act(
            scope, payment_id, lambda work, person: office.withdraw(work, person, payment_id)
        )

    return pages


def later_of(desk: Desk) -> APIRouter:
    """Once it is held, at the bank, or over."""
    pages = APIRouter(prefix=PREFIX)

    @pages.post("/go-on")
    def go_on(
        scope: Reads, payment_id: UUID, text: Annotated[str, Form(max_length=1000)] = ""
    ) -> Response:
        return desk.act(
            scope,
            payment_id,
            lambda work, person: office.release_hold(
                work, desk.opener, desk.releaser, person, payment_id, text
            ),
        )

    @pages.post("/bank-word")
    def bank_word(scope: Reads, payment_id: UUID, received: Annotated[bool, Form()]) -> Response:
        return desk.act(
            scope,
            payment_id,
            lambda work, person: office.report_bank_word(
                work, person, payment_id, received=received
            ),
        )

    @pages.post("/stop")
    def stop(
        scope: Prepares, payment_id: UUID, whole_batch: Annotated[bool, Form()] = False
    ) -> Response:
        return desk.act(
            scope,
            payment_id,
            lambda work, person: office.request_cancel(
                work, person, payment_id, whole_batch=whole_batch
            ),
        )

    @pages.post("/again")
    def again(scope: Prepares, payment_id: UUID) -> Response:
        def pay(work: Work, person: UUID) -> None:
            found = queries.payable(work.sql, scope.tenant_id, payment_id)
            if found is None:
                raise not_found()
            office.pay_again(work, person, found.invoice_id)

        return desk.act(scope, payment_id, pay)

    return pages


def _amount(text: str, currency: str) -> Money:
    try:
        return Money.of(Decimal(text.replace("\u00a0", "").replace(" ", "")), currency)
    except (InvalidOperation, MoneyError) as error:
        detail = "An amount is written like 1250.00, with no more decimals than its currency has."
        raise Problem(
            INVALID, errors=[FieldError(field="amount", rule="amount", detail=detail)]
        ) from error


def _fault(text: str) -> Fault:
    try:
        return msgspec.json.decode(text, type=Fault)
    except msgspec.MsgspecError as error:
        raise Problem(
            INVALID, errors=[FieldError(field="reason", rule="reason", detail="Not a reason.")]
        ) from error
