"""Pages composed of what other services show: in order, within limits, with each gap named."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from threading import Event

import pytest
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.tenants.gateways.fragments import SIZE_LIMIT, Fragment, Fragments
from shared.testing.servers import listen, serve

TIME_LIMIT_S = 3.0  # long enough for a busy machine to answer what is to be answered
PAY = Markup("<section><h2>To pay</h2></section>")


def html(
    text: str | bytes, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(text, status, headers, media_type="text/html")


def answering(response: Response, health: Response | None = None) -> Starlette:
    """A service that answers every request with this, and keeps what it was asked. How it stands it
    says only where that is given.
    """

    def answer(request: Request) -> Response:
        app.state.asked.append((request.url.path, request.headers))
        if request.url.path.endswith("/health"):
            return health or Response(status_code=204)
        return response

    app = Starlette(routes=[Route("/{path:path}", answer)])
    app.state.asked = []
    return app


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def gathered(urls: dict[str, str], *services: str) -> list[Fragment]:
    fragments = Fragments(urls, TIME_LIMIT_S)
    return asyncio.run(fragments.gather(services, "today", lambda service: f"for-{service}", "sv"))


def test_a_fragment_is_asked_for_on_behalf_of_the_person_and_stands_as_it_was_drawn(
    servers: ExitStack,
) -> None:
    payments = answering(html(PAY))
    url = servers.enter_context(serve(payments))
    assert gathered({"payments": url}, "payments") == [Fragment("payments", PAY)]
    [(path, headers)] = payments.state.asked
    assert path == "/payments/fragments/today"
    assert headers["authorization"] == "Bearer for-payments"
    assert headers["accept-language"] == "sv"
    assert "cookie" not in headers


def test_fragments_stand_in_the_order_of_the_page_however_they_arrive(servers: ExitStack) -> None:
    urls = {
        name: servers.enter_context(serve(answering(html(f"<p>{name}</p>"))))
        for name in ("approvals", "payments")
    }
    found = gathered(urls, "payments", "approvals")
    assert [fragment.service for fragment in found] == ["payments", "approvals"]


def test_a_service_that_is_not_installed_is_not_asked_and_leaves_no_gap() -> None:
    assert gathered({}, "payments", "dunning") == []


@pytest.mark.parametrize("response", [Response(status_code=204), html(""), html("\n  \n")])
def test_a_service_with_nothing_for_this_person_leaves_no_gap(
    servers: ExitStack, response: Response
) -> None:
    url = servers.enter_context(serve(answering(response)))
    assert gathered({"payments": url}, "payments") == []


@pytest.mark.parametrize(
    "response",
    [
        html(PAY, 500),
        html(PAY, 404),
        html(PAY, 302, {"Location": "/elsewhere"}),
        Response("{}", media_type="application/json"),
        html(b"\xff\xfe"),
        html("<p>" + "x" * SIZE_LIMIT),
        html(PAY, 200, {"Content-Encoding": "gzip"}),
    ],
    ids=["broken", "unknown", "led away", "other kind", "not text", "too large", "not gzip"],
)
def test_an_answer_that_is_no_fragment_is_a_gap(servers: ExitStack, response: Response) -> None:
    url = servers.enter_context(serve(answering(response)))
    assert gathered({"payments": url}, "payments") == [Fragment("payments", None)]


def test_a_service_that_is_down_is_a_gap() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gone = f"http://127.0.0.1:{listener.getsockname()[1]}"
    assert gathered({"payments": gone}, "payments") == [Fragment("payments", None)]
    assert gathered({"payments": "http://[broken"}, "payments") == [Fragment("payments", None)]


@pytest.mark.parametrize("manner", ["silent", "dripping", "garbage", "hanging up"])
def test_a_service_that_keeps_us_waiting_or_talks_nonsense_is_a_gap_and_the_others_stand(
    servers: ExitStack, manner: str
) -> None:
    over = Event()

    def misbehave(connection: socket.socket) -> None:
        if manner == "garbage":
            connection.sendall(b"\x00\x01 nonsense\r\n\r\n")
        elif manner == "dripping":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
            while not over.wait(0.05):
                connection.sendall(b"<p>")
        elif manner == "silent":
            over.wait(10)

    bad = servers.enter_context(listen(misbehave))
    good = servers.enter_context(serve(answering(html(PAY))))
    servers.callback(over.set)
    found = gathered({"payments": bad, "approvals": good}, "payments", "approvals")
    over.set()
    assert found == [Fragment("payments", None), Fragment("approvals", PAY)]
