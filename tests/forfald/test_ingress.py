"""One port before all services: who gets which path, what is passed on, and what is kept inside."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from forfald.ingress import ingress, is_internal
from shared.testing.servers import listen, serve
from tests.asking import program


def echo(name: str) -> Starlette:
    """A service that says what it was asked."""

    async def answer(request: Request) -> Response:
        if request.url.path.endswith("/sent-on"):
            return Response(status_code=303, headers={"Location": "/elsewhere"})
        return JSONResponse(
            {
                "name": name,
                "path": request.scope["raw_path"].decode(),
                "query": request.scope["query_string"].decode(),
                "headers": dict(request.headers),
                "body": (await request.body()).decode(),
            },
            headers={"Keep-Alive": "timeout=5", "X-Kept": "yes", **sets(request)},
        )

    methods = ["GET", "POST", "DELETE"]
    return Starlette(routes=[Route("/{path:path}", answer, methods=methods)])


def sets(request: Request) -> dict[str, str]:
    signs_in = request.url.path.endswith("/sign-in")
    return {"Set-Cookie": "forfald_session=s; Path=/"} if signs_in else {}


@pytest.fixture(scope="module")
def web() -> Iterator[httpx.Client]:
    """The ingress before two services, and before one that is away."""
    with ExitStack() as stack:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            away = f"http://127.0.0.1:{listener.getsockname()[1]}"
        routes = {"payments": stack.enter_context(serve(echo("payments"))), "sync": away}
        app = ingress(routes, default=stack.enter_context(serve(echo("tenants"))))
        base = stack.enter_context(serve(app))
        yield stack.enter_context(program(base))


def asked(web: httpx.Client, raw_path: str) -> httpx.Response:
    """Byte for byte: a client would tidy the path up."""
    return web.send(web.build_request("GET", web.base_url.copy_with(raw_path=raw_path.encode())))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/payments/x/payables", "payments"),
        ("/payments", "payments"),
        ("/%70ayments/x", "payments"),
        ("/", "tenants"),
        ("/tenants/v1/clients", "tenants"),
        ("/paymentsx/payments", "tenants"),
        ("//payments/x", "tenants"),
    ],
)
def test_the_first_segment_says_whose_path_it_is(web: httpx.Client, path: str, name: str) -> None:
    assert asked(web, path).json()["name"] == name


@pytest.mark.parametrize(
    "path", ["/payments/a%2Fb", "/payments/%C3%A6%20%2569", "/payments/a//b", "/payments/q%3Fx"]
)
def test_a_path_is_passed_on_just_as_it_came(web: httpx.Client, path: str) -> None:
    answer = asked(web, path + "?a=%20b&a=c%2526").json()
    assert (answer["path"], answer["query"]) == (path, "a=%20b&a=c%2526")


def test_method_body_host_and_cookies_are_passed_on(web: httpx.Client) -> None:
    headers = {"Host": "forfald.example", "Cookie": "forfald_session=s"}
    answer = web.post("/payments/x", content=b"amount=1", headers=headers).json()
    assert answer["body"] == "amount=1"
    assert answer["headers"]["host"] == "forfald.example"
    assert answer["headers"]["cookie"] == "forfald_session=s"


def test_who_has_no_session_is_not_lent_the_one_of_whoever_came_before(web: httpx.Client) -> None:
    assert web.post("/tenants/sign-in").cookies["forfald_session"] == "s"
    with program(str(web.base_url)) as stranger:
        assert "cookie" not in stranger.get("/tenants/me").json()["headers"]
        assert "cookie" not in stranger.get("/payments/x").json()["headers"]


def test_a_redirect_is_the_browsers_to_follow(web: httpx.Client) -> None:
    answer = web.get("/payments/sent-on")
    assert (answer.status_code, answer.headers["location"]) == (303, "/elsewhere")


def test_headers_of_one_connection_end_with_it(web: httpx.Client) -> None:
    answer = web.get("/payments/x", headers={
        "TE": "trailers", "Upgrade": "h2c", "Proxy-Authorization": "Basic x",
        "Connection": "keep-alive, X-Ours", "X-Ours": "no", "X-Kept": "yes",
    })  # fmt: skip
    passed = answer.json()["headers"]
    assert {"te", "upgrade", "proxy-authorization", "x-ours"}.isdisjoint(passed)
    assert passed["x-kept"] == "yes"
    assert "keep-alive" not in answer.headers
    assert answer.headers["x-kept"] == "yes"


def test_a_service_that_is_away_is_said_to_come_back_and_the_others_answer(
    web: httpx.Client,
) -> None:
    answer = web.get("/sync/x")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "coming back" in answer.text
    assert web.get("/payments/x").status_code == 200


def test_a_service_that_hangs_up_without_a_word_is_away_too() -> None:
    with (
        listen(lambda connection: None) as mute,
        serve(ingress({}, mute)) as base,
        program(base) as web,
    ):
        assert web.get("/x").status_code == 503


INSIDE = [
    "/tenants/internal/assertions",
    "/internal/x",
    "/tenants/x/../internal/assertions",
    "/tenants//internal//assertions",
    "/tenants/%69nternal/assertions",
    "/tenants%2Finternal%2fassertions",
    "/tenants/%2569nternal/assertions",
    "/tenants/%25252569nternal/assertions",
    "/tenants%252Finternal/assertions",
    "/tenants/Internal/assertions",
    "/tenants/%2549NTERNAL/assertions",
]


@pytest.mark.parametrize("path", INSIDE)
def test_what_services_say_among_themselves_is_not_reached_from_outside(
    web: httpx.Client, path: str
) -> None:
    answer = asked(web, path)
    assert (answer.status_code, answer.text) == (404, "not found")


@pytest.mark.parametrize(
    "path", ["/payments/internally", "/payments/x?back=/internal/", "/payments/%zz%", "/payments/%"]
)
def test_what_only_looks_like_it_passes(web: httpx.Client, path: str) -> None:
    assert asked(web, path).status_code == 200


def test_a_path_that_is_encoded_over_and_over_is_not_decoded_for_ever() -> None:
    assert not is_internal(b"/a/%" + b"25" * 5 + b"69nternally")
    assert is_internal(b"/a/%" + b"25" * 20_000 + b"69nternally")
