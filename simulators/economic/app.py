"""The simulated e-conomic as an ASGI application: its public interface, and a control surface.

Both hosts of the vendor are served at one address, since their paths do not overlap. A request
runs without a pause between reading and writing the books, so requests never interleave.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.clock import Clock
from simulators.economic import control, sales_control, vendor
from simulators.economic.books import Agreement, Books, denied
from simulators.economic.faults import Faults
from simulators.economic.idempotency import Replays
from simulators.economic.problems import ProblemError, missing
from simulators.economic.vendor import Answer, Call


def create_app(clock: Clock, books: Books, *, page_size: int = 1000) -> Starlette:
    """Serve the books; `page_size` is the length of a cursor page, which the vendor sets to 1000."""
    desk = _Desk(clock, books, page_size)
    routes = [
        Route(path, desk.vendor(handler), methods=[method])
        for method, path, handler in vendor.ROUTES
    ]
    routes += [
        Route(f"/control/{{agreement:int}}/{name}", desk.control(action), methods=["POST"])
        for name, action in control.ACTIONS.items()
    ]
    routes += [
        Route("/control/agreements", desk.open_agreement, methods=["POST"]),
        Route("/control/faults", desk.inject, methods=["POST"]),
        Route("/control/faults", desk.clear, methods=["DELETE"]),
        Route("/control/books", desk.audit, methods=["GET"]),
    ]
    return Starlette(routes=routes)


class _Desk:
    """Who takes a request in, and sees to it that what it changed is kept."""

    def __init__(self, clock: Clock, books: Books, page_size: int) -> None:
        self._clock = clock
        self._books = books
        self._page_size = page_size
        self._faults = Faults()
        self._replays = Replays()

    def vendor(self, handler: Callable[[Call], Answer]) -> Callable[[Request], object]:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            grant = request.headers.get("X-AgreementGrantToken", "")
            fault = self._faults.next(request.method, request.url.path, grant)
            if fault is not None and not fault.after_commit:
                return fault.response()
            answer = self._answer(handler, request, grant, body)
            return _response(answer) if fault is None else fault.response()

        return endpoint

    def control(self, action: control.Action) -> Callable[[Request], object]:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            return self._controlled(
                lambda: action(self._agreement(request), body, self._clock.now())
            )

        return endpoint

    async def open_agreement(self, request: Request) -> Response:
        body = await request.body()
        return self._controlled(lambda: control.open_agreement(self._books, body))

    async def inject(self, request: Request) -> Response:
        body = await request.body()
        return self._controlled(lambda: self._faults.inject(control.faults(body)))

    async def clear(self, _request: Request) -> Response:
        return self._controlled(self._faults.clear)

    async def audit(self, _request: Request) -> Response:
        return self._controlled(lambda: control.audit(self._books))

    def _answer(
        self, handler: Callable[[Call], Answer], request: Request, grant: str, body: bytes
    ) -> Answer:
        now = self._clock.now()
        key = request.headers.get("Idempotency-Key") if request.method != "GET" else None
        if key is not None and (kept := self._replays.get(grant, key, now)) is not None:
            return kept
        try:
            call = self._admitted(request, grant, body)
            answer = handler(call)
        except ProblemError as problem:
            return _refusal(problem)
        if request.method != "GET":
            self._books.save()
        if key is not None:
            self._replays.keep(grant, key, answer, now)
        return answer

    def _admitted(self, request: Request, grant: str, body: bytes) -> Call:
        books = self._books.granted(grant) if "X-AppSecretToken" in request.headers else None
        if (problem := denied(books)) is not None:
            raise problem
        assert books is not None
        now = self._clock.now()
        sales_control.live(books, now)
        return Call(
            books=books,
            now=now,
            body=body,
            path=request.path_params,
            query=request.query_params,
            page_size=self._page_size,
        )

    def _controlled(self, act: Callable[[], object]) -> Response:
        try:
            result = act()
        except ProblemError as problem:
            return _response(_refusal(problem))
        self._books.save()
        return _response(vendor.answered(result))

    def _agreement(self, request: Request) -> Agreement:
        found = self._books.numbered(request.path_params["agreement"])
        if found is None:
            raise missing(f"agreement {request.path_params['agreement']}")
        return found


def _refusal(problem: ProblemError) -> Answer:
    body = {
        "message": problem.message,
        "errorCode": problem.code,
        "developerHint": problem.hint,
        "httpStatusCode": problem.status,
    }
    return vendor.answered(body, problem.status)


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers), answer.media_type)
