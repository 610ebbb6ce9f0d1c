"""How a service learns who holds a session: asked of the tenants service over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.processes import free_port
from shared.testing.servers import serve
from shared.web.doors import SessionsOverHttp
from shared.web.problem import NOT_READY, Problem


@contextmanager
def tenants(answer: Response) -> Iterator[tuple[SessionsOverHttp, list[bytes]]]:
    """A tenants service that gives this answer, and what it was asked."""
    asked = []

    async def assertions(request: Request) -> Response:
        asked.append(await request.body())
        return answer

    route = Route("/tenants/internal/assertions", assertions, methods=["POST"])
    with serve(Starlette(routes=[route])) as url:
        yield SessionsOverHttp(url, "payments"), asked


def test_a_session_is_exchanged_for_an_assertion_for_this_service() -> None:
    with tenants(JSONResponse({"assertion": "signed"})) as (sessions, asked):
        assert sessions.assertion("a cookie") == "signed"
    assert [json.loads(body) for body in asked] == [{"session": "a cookie", "audience": "payments"}]


def test_a_session_that_has_ended_gives_none() -> None:
    with tenants(Response(status_code=401)) as (sessions, _):
        assert sessions.assertion("a cookie") is None


@pytest.mark.parametrize("status", [404, 500, 503])
def test_no_word_about_a_session_is_not_taken_for_its_end(status: int) -> None:
    with tenants(Response(status_code=status)) as (sessions, _), pytest.raises(Problem) as problem:
        sessions.assertion("a cookie")
    assert problem.value.kind is NOT_READY


def test_while_nobody_holds_the_sessions_people_are_asked_to_come_back() -> None:
    sessions = SessionsOverHttp(f"http://127.0.0.1:{free_port()}", "payments")
    with pytest.raises(Problem) as problem:
        sessions.assertion("a cookie")
    assert problem.value.kind is NOT_READY
