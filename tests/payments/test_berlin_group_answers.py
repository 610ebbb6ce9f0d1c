"""What a bank, or something between, may answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import stamina
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.payments.gateways import berlin_group_json
from services.payments.gateways.bank import (
    NotSent,
    OutcomeUnknown,
    Refused,
)
from services.payments.gateways.berlin_group import Connection
from shared.testing.servers import listen, serve
from tests.payments.bank_connection import DEBTOR, YEAR, batch, connected, sent


@pytest.fixture(autouse=True)
def patience_is_not_tested() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=2, cap=True):
        yield


def one_answer(answer: Response) -> Starlette:
    async def tell(request: Request) -> Response:
        await request.body()
        return answer

    return Starlette(routes=[Route("/{path:path}", tell, methods=["GET", "POST", "DELETE"])])


def no(status: int, body: Any) -> Response:
    return JSONResponse(body, status)


THE_BANKS_NO = {"tppMessages": [{"category": "ERROR", "code": "PAYMENT_FAILED", "text": "no"}]}
A_PROBLEM = {"type": "urn:bank:no", "code": "PAYMENT_FAILED", "detail": "no"}


@pytest.mark.parametrize("body", [THE_BANKS_NO, A_PROBLEM])
@pytest.mark.parametrize("status", [400, 403, 404, 405])
def test_the_banks_own_no_is_refused_with_its_code(status: int, body: Any) -> None:
    with (
        serve(one_answer(no(status, body))) as url,
        connected(url) as bank,
        pytest.raises(Refused) as caught,
    ):
        sent(bank)
    assert (caught.value.code, caught.value.text) == ("PAYMENT_FAILED", "no")


@pytest.mark.parametrize(
    "answer",
    [
        Response("<html>Not Found</html>", 404),
        no(400, {}),
        no(400, []),
        no(408, THE_BANKS_NO),
        no(409, THE_BANKS_NO),
        no(500, THE_BANKS_NO),
        Response(status_code=302, headers={"Location": "/elsewhere"}),
        Response(status_code=204),
        no(200, {"paymentId": "p", "transactionStatus": "ACTC"}),
        no(201, {"transactionStatus": "ACTC"}),
        no(201, {"paymentId": "", "transactionStatus": "ACTC"}),
        no(401, {}),
        no(429, {}),
        no(201, {"paymentId": "p", "transactionStatus": "FINE"}),
        no(
            201,
            {
                "paymentId": "p",
                "transactionStatus": "ACTC",
                "payments": [{"endToEndIdentification": "E-9", "transactionStatus": "ACTC"}],
            },
        ),
    ],
)
def test_whatever_is_not_plainly_a_no_leaves_the_outcome_unknown(answer: Response) -> None:
    with (
        serve(one_answer(answer)) as url,
        connected(url) as bank,
        pytest.raises(OutcomeUnknown),
    ):
        sent(bank)


@pytest.mark.parametrize("body", [THE_BANKS_NO, A_PROBLEM])
@pytest.mark.parametrize("status", [401, 429])
def test_what_the_bank_did_not_let_in_goes_again_and_is_no_final_no(status: int, body: Any) -> None:
    with (
        serve(one_answer(no(status, body))) as url,
        connected(url) as bank,
        pytest.raises(NotSent, match="PAYMENT_FAILED"),
    ):
        sent(bank)


def test_a_refused_connection_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with connected(f"http://127.0.0.1:{port}") as bank, pytest.raises(NotSent):
        sent(bank)


@pytest.mark.parametrize("answer", [b"", b"\x00garbage\r\n\r\n", b"HTTP/1.1 201 Created\r\n"])
@pytest.mark.case("rails", 17)
def test_a_connection_that_drops_after_the_body_leaves_the_outcome_unknown(answer: bytes) -> None:
    bodies = []

    def handle(connection: socket.socket) -> None:
        received = b""
        while not received.endswith(b"}"):
            received += connection.recv(65536)
        bodies.append(received.partition(b"\r\n\r\n")[2])
        connection.sendall(answer)

    with listen(handle) as url, connected(url) as bank, pytest.raises(OutcomeUnknown):
        sent(bank)
    assert bodies == [berlin_group_json.render(batch())]


def statement(first_page: dict[str, Any]) -> Starlette:
    """A bank whose statement begins with this page, wherever it goes from there."""

    async def accounts(_: Request) -> Response:
        return JSONResponse({"accounts": [{"resourceId": "a", "iban": DEBTOR, "currency": "DKK"}]})

    async def pages(_: Request) -> Response:
        return JSONResponse(first_page)

    path = "/v1/accounts/a/transactions"
    return Starlette(routes=[Route("/v1/accounts", accounts), Route(path, pages)])


LINE = {
    "entryReference": "1",
    "bookingDate": "2026-12-01",
    "valueDate": "2026-12-01",
    "transactionAmount": {"currency": "DKK", "amount": "1.00"},
}


@pytest.mark.parametrize(
    "page",
    [
        {"transactions": {"booked": [LINE], "_links": {"next": {"href": "http://evil.invalid/2"}}}},
        {"transactions": {"booked": [LINE], "_links": {"next": {"href": "//evil.invalid/2"}}}},
        {
            "transactions": {
                "booked": [LINE | {"transactionAmount": {"currency": "DKK", "amount": "1e9"}}]
            }
        },
        {
            "transactions": {
                "booked": [LINE | {"transactionAmount": {"currency": "DKK", "amount": "one"}}]
            }
        },
        {"transactions": {"booked": [LINE | {"bookingDate": "yesterday"}]}},
        {"account": {"iban": "DK9520000123456789"}, "transactions": {"booked": [LINE]}},
        {"transactions": "gone"},
    ],
)
def test_a_statement_that_leads_astray_is_not_read(page: dict[str, Any]) -> None:
    with (
        serve(statement(page)) as url,
        connected(url) as bank,
        pytest.raises(OutcomeUnknown),
    ):
        list(bank.transactions(DEBTOR, *YEAR))


def test_a_token_is_not_told_by_the_connection() -> None:
    assert "sesam" not in repr(Connection("p", "c", "192.0.2.7", lambda: "sesam"))
