"""Which form an error takes: problem details for the API, a page for people, an inset for a part.

Unexpected errors are logged by the places in the code and answered without any of it.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, urlsplit

import structlog
from eventsourcing.persistence import IntegrityError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.decider import Rejected
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Page
from shared.web import problem
from shared.web.problem import Kind, Problem
from shared.web.reading import reader_of
from shared.web.scope import speaks_json

_log = structlog.get_logger(__name__)
_AGAIN_S = "2"  # a page that was not ready is asked for again by itself
_SOON = {"Retry-After": "1"}


def answer_problems(app: FastAPI) -> None:
    """Give every expected error of the app its answer."""

    @app.exception_handler(Problem)
    def _problem(request: Request, error: Problem) -> Response:
        return answer(request, error)

    @app.exception_handler(Rejected)
    def _rejected(request: Request, error: Rejected) -> Response:
        return answer(request, problem.of_rejection(error))

    @app.exception_handler(IntegrityError)
    def _overtaken(request: Request, _: IntegrityError) -> Response:
        """Others were quicker each time (`shared.deciding`): nothing has been done."""
        return answer(request, Problem(problem.OVERTAKEN, headers=_SOON))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        return answer(request, problem.of_validation(error))

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        return answer(request, problem.of_http(error))


@dataclass(frozen=True, slots=True)
class UnexpectedErrors:
    """The last net: stands inside the security headers, so that they are on this answer too."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def noting_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, noting_send)
        except Exception as error:
            _log_places("request failed", error)
            if started:  # Half an answer cannot be taken back; the server breaks the connection.
                raise
            await _last_answer(scope)(scope, receive, send)


def _log_places(event: str, error: Exception) -> None:
    """The kind of error and the lines that led to it: its text and variables may be personal."""
    places = "".join(traceback.format_tb(error.__traceback__))
    _log.error(event, error=type(error).__name__, places=places)


def _last_answer(scope: Scope) -> Response:
    unexpected = Problem(problem.UNEXPECTED)
    try:
        return answer(Request(scope), unexpected)
    except Exception as error:  # noqa: BLE001  logged, and there is still an answer to give
        # What broke may be the drawing of pages itself; JSON needs nothing.
        _log_places("the page of an error failed", error)
        return problem.json_answer(unexpected)


def answer(request: Request, found: Problem) -> Response:
    """The problem in the form that whoever asks can read."""
    part = "hx-request" in request.headers
    wants_page = part or "text/html" in request.headers.get("accept", "")
    if speaks_json(request) or not wants_page:
        return problem.json_answer(found)
    if found.kind is problem.NOT_SIGNED_IN and request.method == "GET":
        return _to_sign_in(request, part=part)
    template = "problem_part.html" if part else "problem.html"
    html = problem_page(request, found.kind, found.detail, template)
    headers = dict(found.headers)
    if found.kind is problem.NOT_READY and request.method == "GET" and not part:
        headers["Refresh"] = headers.get("Retry-After", _AGAIN_S)
    return HTMLResponse(html, found.kind.status, headers)


def problem_page(request: Request, kind: Kind, detail: str | None, template: str) -> str:
    reader = reader_of(request)
    words = translator(reader.language)
    return draw(
        request.app.state.pages,
        template,
        reader,
        page=Page(words.gettext(kind.title)),
        detail=words.gettext(detail or kind.meaning) if detail or kind.meaning else "",
    )


def _to_sign_in(request: Request, *, part: bool) -> Response:
    """To the sign-in page and back; for a part, the whole page goes there."""
    here = urlsplit(request.headers.get("hx-current-url", "/")) if part else request.url
    query = f"?{here.query}" if here.query else ""
    target = f"{request.app.state.sign_in}?next={quote(here.path + query, safe='/')}"
    if part:
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": target})
    return RedirectResponse(target, HTTPStatus.SEE_OTHER)
