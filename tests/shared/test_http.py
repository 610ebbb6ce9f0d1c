from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import stamina
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from shared.circuit import Circuit
from shared.clock import WallClock
from shared.http import (
    Answer,
    Exchange,
    ForbiddenHostError,
    Limits,
    Transport,
    Unanswered,
    Unreached,
    redacted,
)
from shared.testing.servers import listen, serve

SHORT = Limits(read=0.3, whole=0.5)
IBAN = "DK5000400440116243"


@pytest.fixture(autouse=True)
def patience_is_not_tested() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=3, cap=True):
        yield


class Script:
    """A server that gives its answers in turn and remembers what it was asked."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        methods = ["GET", "POST", "DELETE"]
        self.app = Starlette(routes=[Route("/{path:path}", self.answer, methods=methods)])

    async def answer(self, request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        self.asked.append(f"{request.method} {request.url.path}{query}")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def busy(status: int, after: str) -> Response:
    return Response(status_code=status, headers={"Retry-After": after})


@contextmanager
def transport(base_url: str, limits: Limits | None = None, **more) -> Iterator[Transport]:
    with Transport(base_url, limits=limits, **more) as opened:
        yield opened


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def read_request(connection: socket.socket) -> bytes:
    connection.settimeout(2)
    received = b""
    while not received.endswith(b"body-end"):
        received += connection.recv(65536)
    return received


def send(to: Transport) -> object:
    return to.send("POST", "/pay", body=b"body-end")


def test_a_refused_connection_is_not_sent() -> None:
    with (
        transport(f"http://127.0.0.1:{free_port()}") as http,
        pytest.raises(Unreached, match="ConnectError"),
    ):
        send(http)


def test_a_name_that_is_not_found_is_not_sent() -> None:
    with transport("http://bank.invalid") as http, pytest.raises(Unreached):
        send(http)


@pytest.mark.parametrize(
    "misbehave",
    [
        lambda connection: None,
        lambda connection: connection.sendall(b"\x00\xff garbage \r\n\r\n"),
        lambda connection: connection.sendall(
            b"HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{"
        ),
        lambda connection: connection.recv(1),
        lambda connection: connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
        ),
    ],
    ids=["closes", "garbage", "half an answer", "silence", "no gzip"],
)
def test_whatever_goes_wrong_after_the_body_left_is_unanswered(
    misbehave: Callable[[socket.socket], object],
) -> None:
    bodies = []

    def handle(connection: socket.socket) -> None:
        bodies.append(read_request(connection))
        misbehave(connection)

    with listen(handle) as url, transport(url, SHORT) as http, pytest.raises(Unanswered):
        send(http)
    assert len(bodies) == 1, "what is sent is sent once"


@pytest.mark.parametrize(
    "beginning",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Much-To-Say: ",
        b"",
    ],
    ids=["body", "body of unknown length", "head", "from the start"],
)
def test_an_answer_that_drips_without_end_is_unanswered(beginning: bytes) -> None:
    """Each byte comes well before the time-out of one read."""

    def handle(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(beginning)
        connection.settimeout(0.1)
        while True:
            try:
                connection.sendall(b"H")
                if not connection.recv(1):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    with (
        listen(handle) as url,
        transport(url, SHORT) as http,
        pytest.raises(Unanswered, match="slowly"),
    ):
        send(http)


def test_an_answer_longer_than_allowed_is_unanswered() -> None:
    script = Script(Response(b"x" * 5000))
    limits = Limits(answer_bytes=4096)
    with (
        serve(script.app) as url,
        transport(url, limits) as http,
        pytest.raises(Unanswered, match="longer"),
    ):
        send(http)


def test_sending_is_never_repeated_and_gives_whatever_the_answer_is() -> None:
    script = Script(busy(503, "0"), Response(status_code=201))
    with serve(script.app) as url, transport(url) as http:
        assert http.send("POST", "/pay", body=b"1").status == 503
    assert script.asked == ["POST /pay"]


@pytest.mark.parametrize("status", [408, 500, 502, 504])
def test_reading_is_repeated_after_a_fault_that_may_pass(status: int) -> None:
    script = Script(Response(status_code=status), Response(b"ok"))
    with serve(script.app) as url, transport(url) as http:
        assert http.get("/list").body == b"ok"


@pytest.mark.parametrize("status", [429, 503])
def test_reading_is_repeated_when_the_other_side_asks_to_wait_a_little(status: int) -> None:
    script = Script(busy(status, "1"), busy(status, ""), Response(b"ok"))
    with serve(script.app) as url, transport(url) as http:
        assert http.get("/list", params={"page": "1"}).body == b"ok"
    assert script.asked == ["GET /list?page=1"] * 3


def test_reading_is_not_repeated_when_the_other_side_asks_to_wait_long() -> None:
    script = Script(busy(429, "3600"), Response(b"ok"))
    with serve(script.app) as url, transport(url) as http:
        assert http.get("/list").status == 429
    assert script.asked == ["GET /list"]


class AtNoon(WallClock):
    def now(self) -> datetime:
        return datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("until", "asked"), [("12:00:05", 2), ("13:00:00", 1), ("11:00:00", 2)])
def test_the_wait_may_be_given_as_an_instant(until: str, asked: int) -> None:
    turns = iter([f"503 Busy\r\nRetry-After: Tue, 01 Dec 2026 {until} GMT", "200 OK"])
    heard = []

    def handle(connection: socket.socket) -> None:
        heard.append(connection.recv(65536))
        connection.sendall(f"HTTP/1.1 {next(turns)}\r\nContent-Length: 0\r\n\r\n".encode())

    with listen(handle) as url, transport(url, clock=AtNoon()) as http:
        http.get("/list")
    assert len(heard) == asked


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("30", 30),
        ("Tue, 01 Dec 2026 12:00:05 GMT", 5),
        ("Tue, 01 Dec 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("-1", None),
        ("9" * 5000, None),
        ("", None),
    ],
)
def test_a_wish_to_be_left_alone_is_understood_or_passed_over(
    asked: str, seconds: int | None
) -> None:
    wait = Answer(503, {"retry-after": asked}, b"").asked_wait(AtNoon().now())
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


def test_an_instant_is_measured_by_the_clock_of_whoever_named_it() -> None:
    headers = {
        "retry-after": "Tue, 01 Dec 2026 12:00:05 GMT",
        "date": "Tue, 01 Dec 2026 11:59:00 GMT",
    }
    assert Answer(503, headers, b"").asked_wait(AtNoon().now()) == timedelta(seconds=65)


def test_reading_ends_with_the_busy_answer_when_it_stays_so() -> None:
    script = Script(busy(503, "0"))
    with serve(script.app) as url, transport(url) as http:
        assert http.get("/list").status == 503
    assert len(script.asked) == 3


def test_reading_is_repeated_when_the_connection_breaks() -> None:
    turns = iter([b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"])

    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(next(turns))

    with listen(handle) as url, transport(url) as http:
        assert http.get("/list").body == b"ok"


def test_other_errors_are_answers_and_not_repeated() -> None:
    script = Script(JSONResponse({"tppMessages": []}, 404))
    with serve(script.app) as url, transport(url) as http:
        assert http.get("/list").status == 404
    assert len(script.asked) == 1


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    script = Script(RedirectResponse("http://elsewhere.invalid/"))
    with serve(script.app) as url, transport(url) as http:
        assert http.send("POST", "/pay", body=b"1").status == 307
    assert script.asked == ["POST /pay"]


@pytest.mark.parametrize(
    "link",
    [
        "http://elsewhere.invalid/next",
        "//elsewhere.invalid/next",
        "https://127.0.0.1/next",
        "http://127.0.0.1:1/next",
        "http://user@elsewhere.invalid/next",
        "http://127.0.0.1:not a port/",
        "file:///etc/passwd",
    ],
)
def test_a_link_to_another_host_is_not_followed(link: str) -> None:
    script = Script(Response(b"ok"))
    with (
        serve(script.app) as url,
        transport(url) as http,
        pytest.raises(ForbiddenHostError),
    ):
        http.follow(link)
    assert script.asked == []


def test_a_link_on_the_same_host_is_followed_with_its_query() -> None:
    script = Script(Response(b"ok"))
    with serve(script.app) as url, transport(f"{url}/psd2") as http:
        http.follow("/psd2/v1/accounts?pageIndex=2")
        http.follow(f"{url}/psd2/v1/accounts?pageIndex=3")
    assert script.asked == [
        "GET /psd2/v1/accounts?pageIndex=2",
        "GET /psd2/v1/accounts?pageIndex=3",
    ]


def test_a_link_to_a_further_host_is_followed_where_it_was_allowed() -> None:
    here, there = Script(Response(b"here")), Script(Response(b"there"))
    with (
        serve(here.app) as base,
        serve(there.app) as also,
        transport(base, also=frozenset({also})) as http,
    ):
        assert http.follow(f"{also}/next").body == b"there"


def test_an_open_circuit_sends_nothing_and_says_so() -> None:
    script = Script(Response(status_code=500))
    limits = Limits(failures_to_open=2, open_for=60)
    with serve(script.app) as url, transport(url, limits) as http:
        assert [http.send("POST", "/pay").status for _ in range(2)] == [500, 500]
        with pytest.raises(Unreached, match="left alone"):
            http.send("POST", "/pay")
    assert len(script.asked) == 2


def test_a_circuit_lets_one_probe_through_and_closes_when_it_comes_back() -> None:
    circuit = Circuit(failures_to_open=2, open_for=30)
    circuit.report(ok=False, at=0)
    assert circuit.admits(1)
    circuit.report(ok=False, at=1)
    assert not circuit.admits(30)
    assert circuit.admits(31)
    assert not circuit.admits(32), "one probe at a time"
    circuit.report(ok=True, at=33)
    assert circuit.admits(33)


def test_a_cookie_of_one_answer_does_not_go_along_with_the_next_request() -> None:
    """A transport speaks for many tenants; what the other side remembers of one is not another's."""
    heard = []

    async def answer(request: Request) -> Response:
        heard.append(request.headers.get("cookie"))
        return Response(headers={"Set-Cookie": "session=of-the-first-tenant; Path=/"})

    app = Starlette(routes=[Route("/{path:path}", answer)])
    with serve(app) as url, transport(url) as to:
        to.get("/a")
        to.get("/b")
    assert heard == [None, None]


@pytest.mark.property_("P21")
def test_the_log_knows_no_account_no_query_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    lines: list[Exchange] = []
    script = Script(Response(b"ok"))
    with serve(script.app) as url, transport(url, log=lines.append) as http:
        http.get(
            f"/v1/accounts/{IBAN}/transactions",
            params={"name": "Jensen"},
            headers={"Authorization": "Bearer sesam"},
        )
    told = f"{lines}{caplog.text}"
    assert not [secret for secret in (IBAN, "Jensen", "sesam") if secret in told]
    assert [(line.path, line.status) for line in lines] == [
        ("/v1/accounts/*6243/transactions", 200)
    ]


def test_a_failure_is_logged_by_its_kind() -> None:
    lines: list[Exchange] = []
    with (
        transport(f"http://127.0.0.1:{free_port()}", log=lines.append) as http,
        pytest.raises(Unreached),
    ):
        send(http)
    assert [(line.status, line.failure) for line in lines] == [(None, "ConnectError")]


def test_words_without_digits_stay_readable() -> None:
    assert redacted("/v1/bulk-payments/domestic-credit-transfers/bulk-000017/status") == (
        "/v1/bulk-payments/domestic-credit-transfers/*0017/status"
    )
