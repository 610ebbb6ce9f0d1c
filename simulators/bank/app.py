"""The bank's front: the Berlin Group's addresses over one book and one clock."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from shared.clock import Clock, day_of
from simulators.bank import wire
from simulators.bank.book import Book, ConflictError
from simulators.bank.control import control
from simulators.bank.days import ZONE
from simulators.bank.faults import FaultKind
from simulators.bank.state import Account, Payment, Request

PRODUCTS = frozenset(
    {
        "domestic-credit-transfers",
        "sepa-credit-transfers",
        "instant-sepa-credit-transfers",
        "target-2-payments",
        "cross-border-credit-transfers",
    }
)
_BEFORE = {FaultKind.TIMEOUT_BEFORE, FaultKind.ERROR_BEFORE}
_AFTER = {FaultKind.TIMEOUT_AFTER, FaultKind.ERROR_AFTER, FaultKind.GARBAGE_AFTER}
_LONGEST_SILENCE_S = 120.0
_NOBODY = UUID(int=0)
_SEVERAL = 3 * "X"
"""The standard's currency of an account in several currencies."""


class _RefusalError(Exception):
    """The bank's no, in the standard's form."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code


class _Silence(Response):
    """No answer: the caller hangs up first."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_SILENCE_S):
                while (await receive())["type"] != "http.disconnect":
                    pass
        await super().__call__(scope, receive, send)


def create_app(clock: Clock, book: Book) -> Starlette:
    """The bank as an ASGI application. Before each request it lives up to the clock's now."""
    front = _Front(clock, book)
    bulk = "/v1/bulk-payments/{product}"
    return Starlette(
        routes=[
            Route(bulk, front.initiate, methods=["POST"]),
            Route(f"{bulk}/{{payment_id}}", front.payment, methods=["GET"]),
            Route(f"{bulk}/{{payment_id}}", front.cancel, methods=["DELETE"]),
            Route(f"{bulk}/{{payment_id}}/status", front.status, methods=["GET"]),
            Route("/v1/accounts", front.accounts, methods=["GET"]),
            Route("/v1/accounts/{account}/transactions", front.transactions, methods=["GET"]),
            *control(clock, book),
        ],
        exception_handlers={_RefusalError: _refused},
    )


class _Front:
    """One method per address. They never wait, so that each request sees the book at rest."""

    def __init__(self, clock: Clock, book: Book) -> None:
        self._clock = clock
        self._book = book

    async def initiate(self, http: HttpRequest) -> Response:
        body = await http.body()
        token = self._admit(http)
        if "psu-ip-address" not in http.headers:
            raise _RefusalError(400, "FORMAT_ERROR", "PSU-IP-Address: is mandatory")
        try:
            asked = wire.read(body, self._today())
        except wire.MalformedError as error:
            raise _RefusalError(400, "FORMAT_ERROR", str(error)) from error
        account = self._account(token, number=asked.debtor_account)
        payment = Payment(
            payment_id=self._book.next_payment_id(),
            product=http.path_params["product"],
            message_id=asked.message_id,
            request_id=str(_request_id(http)),
            resource_id=account.resource_id,
            requested_on=asked.requested_on,
            received_at=self._clock.now(),
            orders=asked.orders,
        )
        return self._initiated(http, payment, sha256(body).hexdigest())

    def _initiated(self, http: HttpRequest, payment: Payment, digest: str) -> Response:
        request = Request(payment.request_id, payment.message_id, digest, payment.received_at)
        if fault := self._book.take_fault(_BEFORE, payment.orders):
            self._book.note(request)
            if fault.kind is FaultKind.TIMEOUT_BEFORE:
                return _Silence(status_code=504)
            return _plain(http, 503)
        try:
            earlier = self._book.repeated(request)
        except ConflictError as error:
            self._book.note(request)
            raise _RefusalError(409, "STATUS_INVALID", str(error)) from error
        if earlier is None:
            self._book.accept(payment)
        request.payment_id = (earlier or payment).payment_id
        self._book.note(request)
        if fault := self._book.take_fault(_AFTER, payment.orders):
            if fault.kind is FaultKind.TIMEOUT_AFTER:
                return _Silence(status_code=504)
            if fault.kind is FaultKind.ERROR_AFTER:
                return _plain(http, 500)
            return Response("<html>", 201, _echo(http), media_type="application/json")
        return self._created(http, earlier or payment)

    def _created(self, http: HttpRequest, payment: Payment) -> Response:
        path = f"/v1/bulk-payments/{payment.product}/{payment.payment_id}"
        links = {"self": {"href": path}, "status": {"href": f"{path}/status"}}
        created = {
            "paymentId": payment.payment_id,
            "transactionStatus": wire.status_of(payment.orders, self._today()),
            "_links": links,
        }
        return JSONResponse(created, 201, _echo(http) | {"Location": path})

    async def payment(self, http: HttpRequest) -> Response:
        payment, account = self._owned(http)
        return _json(http, wire.bulk(payment, account, self._today()))

    async def status(self, http: HttpRequest) -> Response:
        payment, _ = self._owned(http)
        told: dict[str, Any] = {"transactionStatus": wire.status_of(payment.orders, self._today())}
        if self._book.tells_entries:
            told["payments"] = [wire.entry_status(o, self._today()) for o in payment.orders]
            for order in payment.orders:
                if self._book.take_fault({FaultKind.DOUBLE_STATUS}, [order]):
                    stale = {"endToEndIdentification": order.end_to_end_id}
                    told["payments"].append({**stale, "transactionStatus": "ACTC"})
        return _json(http, told)

    async def cancel(self, http: HttpRequest) -> Response:
        payment, _ = self._owned(http)
        if self._book.take_fault({FaultKind.LOSE_CANCEL}, payment.orders):
            taken = {"transactionStatus": wire.status_of(payment.orders, self._today())}
            return JSONResponse(taken, 202, _echo(http))
        refused = self._book.take_fault({FaultKind.REFUSE_CANCEL}, payment.orders)
        if refused or not self._book.cancel(payment):
            raise _RefusalError(
                405, "CANCELLATION_INVALID", "this payment can no longer be cancelled"
            )
        return Response(status_code=204, headers=_echo(http))

    async def accounts(self, http: HttpRequest) -> Response:
        token = self._admit(http, consent=True)
        told = [
            {
                "resourceId": account.resource_id,
                **wire.reference(account),
                "currency": next(iter(account.balances))
                if len(account.balances) == 1
                else _SEVERAL,
            }
            for account in self._book.accounts_of(token)
        ]
        return _json(http, {"accounts": told})

    async def transactions(self, http: HttpRequest) -> Response:
        token = self._admit(http, consent=True)
        account = self._account(token, resource_id=http.path_params["account"])
        if http.query_params.get("bookingStatus") != "booked":
            raise _RefusalError(
                400, "PARAMETER_NOT_SUPPORTED", "bookingStatus: only booked is given"
            )
        try:
            from_on = date.fromisoformat(http.query_params.get("dateFrom", "1970-01-01"))
            to_on = date.fromisoformat(http.query_params.get("dateTo", "9999-12-31"))
            page = max(0, int(http.query_params.get("pageIndex", "0")))
        except ValueError as error:
            raise _RefusalError(400, "FORMAT_ERROR", "dateFrom, dateTo or pageIndex") from error
        lines = self._book.statement(account, from_on, to_on)
        first, size = page * self._book.page_size, self._book.page_size
        links = {"account": {"href": f"/v1/accounts/{account.resource_id}"}}
        if first + size < len(lines):
            following = http.url.include_query_params(pageIndex=page + 1)
            links["next"] = {"href": f"{following.path}?{following.query}"}
        told = [wire.booked(line) for line in lines[first : first + size]]
        report = {"booked": told, "_links": links}
        return _json(http, {"account": wire.reference(account), "transactions": report})

    def _today(self) -> date:
        return day_of(self._clock.now(), ZONE)

    def _admit(self, http: HttpRequest, *, consent: bool = False) -> str:
        """Live up to now, check what every request needs, and give its token."""
        self._book.advance(self._clock.now())
        if _request_id(http) == _NOBODY:
            raise _RefusalError(400, "FORMAT_ERROR", "X-Request-ID: a UUID is mandatory")
        token = http.headers.get("authorization", "").removeprefix("Bearer ")
        if not self._book.accounts_of(token):
            raise _RefusalError(401, "TOKEN_UNKNOWN", "the token opens no account")
        if consent and "consent-id" not in http.headers:
            raise _RefusalError(400, "FORMAT_ERROR", "Consent-ID: is mandatory")
        if http.path_params.get("product", "domestic-credit-transfers") not in PRODUCTS:
            raise _RefusalError(404, "PRODUCT_UNKNOWN", "this payment product is not offered")
        return token

    def _owned(self, http: HttpRequest) -> tuple[Payment, Account]:
        token = self._admit(http)
        payment = self._book.payment_of(token, http.path_params["payment_id"])
        if payment is None or payment.product != http.path_params["product"]:
            raise _RefusalError(404, "RESOURCE_UNKNOWN", "there is no such payment")
        return payment, self._account(token, resource_id=payment.resource_id)

    def _account(self, token: str, *, number: str = "", resource_id: str = "") -> Account:
        for account in self._book.accounts_of(token):
            if account.number == number or account.resource_id == resource_id:
                return account
        raise _RefusalError(404, "RESOURCE_UNKNOWN", "there is no such account")


def _request_id(http: HttpRequest) -> UUID:
    try:
        return UUID(http.headers.get("x-request-id", ""))
    except ValueError:
        return _NOBODY


def _echo(http: HttpRequest) -> dict[str, str]:
    """Each answer carries its request's id, in the form of an id even where the request's had none."""
    return {"X-Request-ID": str(_request_id(http))}


def _json(http: HttpRequest, content: Mapping[str, Any]) -> Response:
    return JSONResponse(content, 200, _echo(http))


def _plain(http: HttpRequest, status: int) -> Response:
    return Response(status_code=status, headers=_echo(http))


async def _refused(http: HttpRequest, error: Exception) -> Response:
    assert isinstance(error, _RefusalError)
    message = {"category": "ERROR", "code": error.code, "text": str(error)}
    return JSONResponse({"tppMessages": [message]}, error.status, _echo(http))
