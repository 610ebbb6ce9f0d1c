"""What people do with one payment: each form comes back to the page with the rules' answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import msgspec
from babel.numbers import NumberFormatError, parse_decimal
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from services.payments.acts import by_hand
from services.payments.desk import Desk, Prepares, Sees, existing
from services.payments.queries import Payable
from shared.contracts.values import Fault
from shared.decider import Rejected
from shared.money import Money, MoneyError
from shared.ui.reader import Reader
from shared.web.problem import INVALID, FieldError, Problem
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope
from shared.work import Work

PREFIX = "/payments/{tenant_id}/payables/{payment_id}"
Reasoning = Annotated[str, Form(max_length=1000)]
_REASONS_MAX = 20


def changes_of(desk: Desk) -> APIRouter:
    """While nothing has left."""
    pages = page_router(PREFIX)

    @pages.post("/change")
    def change(
        request: Request,
        scope: Prepares,
        payment_id: UUID,
        pay_on: Annotated[date | None, Form()] = None,
        amount: Annotated[str, Form(max_length=30)] = "",
    ) -> Response:
        reader = reader_of(request)

        def revise(work: Work, person: UUID, one: Payable) -> None:
            wanted = _amount(amount, one.amount.currency, reader) if amount.strip() else None
            by_hand.revise(work, person, payment_id, amount=wanted, pay_on=pay_on)

        return _done(desk, scope, payment_id, revise)

    @pages.post("/clear")
    def clear(
        scope: Sees,
        payment_id: UUID,
        reason: Annotated[list[str], Form(max_length=_REASONS_MAX)],
        text: Reasoning = "",
    ) -> Response:
        """One matter, for one text: each reason that it consists of is cleared by itself."""
        faults = [_fault(one) for one in reason]

        def clear_each(work: Work, person: UUID, _: Payable) -> None:
            for fault in faults:
                by_hand.clear_block(work, desk.opener, person, payment_id, fault, text)

        return _done(desk, scope, payment_id, clear_each)

    @pages.post("/withdraw")
    def withdraw(scope: Prepares, payment_id: UUID) -> Response:
        return _done(
            desk,
            scope,
            payment_id,
            lambda work, person, _: by_hand.withdraw(work, person, payment_id),
        )

    return pages


def later_of(desk: Desk) -> APIRouter:
    """Once it is held, at the bank, or over."""
    pages = page_router(PREFIX)

    @pages.post("/go-on")
    def go_on(scope: Sees, payment_id: UUID, text: Reasoning = "") -> Response:
        return _done(
            desk,
            scope,
            payment_id,
            lambda work, person, _: by_hand.release_hold(
                work, desk.opener, desk.releaser, person, payment_id, text
            ),
        )

    @pages.post("/bank-word")
    def bank_word(
        scope: Sees, payment_id: UUID, received: Annotated[bool | None, Form()] = None
    ) -> Response:
        def report(work: Work, person: UUID, _: Payable) -> None:
            if received is None:
                raise Rejected("what did the bank say?", code="word_missing", field="received")
            by_hand.report_bank_word(work, person, payment_id, received=received)

        return _done(desk, scope, payment_id, report)

    @pages.post("/stop")
    def stop(
        scope: Prepares, payment_id: UUID, whole_batch: Annotated[bool, Form()] = False
    ) -> Response:
        return _done(
            desk,
            scope,
            payment_id,
            lambda work, person, _: by_hand.request_cancel(
                work, person, payment_id, whole_batch=whole_batch
            ),
        )

    @pages.post("/again")
    def again(scope: Prepares, payment_id: UUID) -> Response:
        return _done(
            desk,
            scope,
            payment_id,
            lambda work, person, one: by_hand.pay_again(work, person, one.invoice_id),
        )

    return pages


def _done(
    desk: Desk, scope: TenantScope, payment_id: UUID, act: Callable[[Work, UUID, Payable], Any]
) -> Response:
    """Back to the payment, or to the new one that the act answers with.

    A refusal goes along by its code, and the page has the sentence.
    """
    home = f"/payments/{scope.tenant_id}/payables"
    try:
        made = desk.work(
            scope,
            lambda work: act(work, scope.identity.user_id, existing(work, payment_id)),
        )
    except Rejected as refused:
        return RedirectResponse(f"{home}/{payment_id}?refused={refused.code}", HTTPStatus.SEE_OTHER)
    return RedirectResponse(f"{home}/{made or payment_id}", HTTPStatus.SEE_OTHER)


def _amount(text: str, currency: str, reader: Reader) -> Money:
    """As the reader writes amounts: 1.250,00 is twelve hundred and fifty in Danish, and no number in
    English.
    """
    try:
        found = parse_decimal("".join(text.split()), reader.locale, strict=True)
        return Money.of(found, currency)
    except (NumberFormatError, MoneyError) as error:
        raise Rejected(
            "this is no amount of its currency", code="amount_unreadable", field="amount"
        ) from error


def _fault(text: str) -> Fault:
    try:
        return msgspec.json.decode(text, type=Fault)
    except msgspec.MsgspecError as error:
        raise Problem(
            INVALID, errors=[FieldError(field="reason", rule="reason", detail="Not a reason.")]
        ) from error
