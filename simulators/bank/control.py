"""The back door: to look into the book, to open accounts, and to order what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.clock import Clock
from shared.money import Money
from simulators.bank.book import Book, ConflictError
from simulators.bank.faults import Fault

T = TypeVar("T")


class NewAccount(msgspec.Struct):
    """An account to open; balances in minor units per currency."""

    number: str
    token: str
    balances: dict[str, int]
    fee: Money | None = None
    pooled: bool = False


class Credit(msgspec.Struct):
    """Money to come in."""

    number: str
    amount: Money
    text: str = ""


def control(clock: Clock, book: Book) -> list[Route]:
    """`/control/book` (GET), `/control/faults` (POST, DELETE), `/control/accounts`, `/control/credits`."""

    async def inspect(_: HttpRequest) -> Response:
        book.advance(clock.now())
        return JSONResponse(book.inspect())

    async def faults(http: HttpRequest) -> Response:
        if http.method == "DELETE":
            book.clear_faults()
            return Response(status_code=204)
        return await _with(http, Fault, book.add_fault)

    async def accounts(http: HttpRequest) -> Response:
        def open_account(new: NewAccount) -> None:
            book.open_account(new.number, new.balances, new.token, new.fee, pooled=new.pooled)

        return await _with(http, NewAccount, open_account)

    async def credits_(http: HttpRequest) -> Response:
        def credit(asked: Credit) -> None:
            if not book.credit(asked.number, asked.amount, clock.now(), asked.text):
                raise ConflictError("number: there is no such account")

        return await _with(http, Credit, credit)

    return [
        Route("/control/book", inspect, methods=["GET"]),
        Route("/control/faults", faults, methods=["POST", "DELETE"]),
        Route("/control/accounts", accounts, methods=["POST"]),
        Route("/control/credits", credits_, methods=["POST"]),
    ]


async def _with(http: HttpRequest, shape: type[T], do: Callable[[T], None]) -> Response:
    try:
        do(msgspec.json.decode(await http.body(), type=shape))
    except (msgspec.DecodeError, ConflictError) as error:
        return JSONResponse({"error": str(error)}, 400)
    return Response(status_code=204)
