"""The agency's front: the addresses of Debitura's Customer API over one office and one clock.

What the real one demands of webhooks beyond the signature (HTTPS, a public address) is not demanded
here, since the simulated world is on one machine.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from shared.clock import Clock
from shared.http import Transport, Unanswered, Unreached, unlogged
from shared.money import Money, MoneyError
from simulators.agency import wire
from simulators.agency.control import control
from simulators.agency.office import Office, signature
from simulators.agency.state import (
    CLOSED,
    EXHAUSTED,
    PAID,
    PENDING,
    Case,
    Creditor,
    FaultKind,
    Replay,
    Request,
    Sent,
)

_BEFORE = (FaultKind.TIMEOUT_BEFORE, FaultKind.ERROR_BEFORE, FaultKind.BUSY, FaultKind.REFUSE)
_AFTER = (FaultKind.TIMEOUT_AFTER, FaultKind.ERROR_AFTER, FaultKind.GARBAGE_AFTER)
_LONGEST_SILENCE_S = 120.0
_PAGE_SIZE, _LARGEST_PAGE = 10, 100
_MESSAGE_MAX = 10_000
_ACCEPTED_STATUS = 300
_JSON = "application/json"

Endpoint = Callable[[HttpRequest], Coroutine[Any, Any, Response]]


class _RefusalError(Exception):
    """A no, in the vendor's form."""

    def __init__(self, status: int, text: str, kind: str = "Invalid") -> None:
        super().__init__(text)
        self.status = status
        self.kind = kind


class _Silence(Response):
    """No answer: the caller hangs up first."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_SILENCE_S):
                while (await receive())["type"] != "http.disconnect":
                    pass
        await super().__call__(scope, receive, send)


def create_app(clock: Clock, office: Office) -> Starlette:
    """The agency as an ASGI application. Before each request it lives up to the clock's now."""
    front = _Front(clock, office)
    routes = [
        ("POST", "/cases", front.create),
        ("GET", "/cases", front.list_cases),
        ("GET", "/cases/by-creditor-reference/{reference}", front.find),
        ("GET", "/cases/{case_id}", front.fetch),
        ("GET", "/cases/{case_id}/timeline", front.timeline),
        ("GET", "/cases/{case_id}/chats", front.chats),
        ("POST", "/cases/{case_id}/chats", front.write),
        ("GET", "/cases/{case_id}/payments", front.payments),
        ("GET", "/Payments", front.list_payments),
        ("GET", "/contracts/debt-collection/status", front.contract),
        ("GET", "/me", front.me),
        ("POST", "/webhooks", front.subscribe),
        ("GET", "/webhooks", front.subscriptions),
        ("GET", "/webhooks/events", front.events),
        ("POST", "/webhooks/events/{event_id}/replay", front.replay),
        ("POST", "/test/cases/{case_id}/advance", front.advance),
    ]
    return Starlette(
        routes=[
            *(Route(path, front.serving(serve), methods=[verb]) for verb, path, serve in routes),
            *control(clock, office, front.delivering),
        ],
        exception_handlers={_RefusalError: _refused},
    )


class _Front:
    """One method per address. They never wait, so that each request sees the office at rest."""

    def __init__(self, clock: Clock, office: Office) -> None:
        self._clock = clock
        self._office = office
        self._one_delivers = threading.Lock()

    def serving(self, serve: Callable[[HttpRequest, Creditor], Any]) -> Endpoint:
        """Live up to now, admit who asks, answer; then deliver what has happened."""

        async def endpoint(http: HttpRequest) -> Response:
            creditor = self._office.creditor(http.headers.get("xapikey", ""))
            if creditor is None:
                return Response(status_code=401)
            self._office.live(self._clock.now())
            answered: Response = await serve(http, creditor)
            answered.background = BackgroundTask(self.deliver)
            return answered

        return endpoint

    def delivering(self, answer: Response) -> Response:
        answer.background = BackgroundTask(self.deliver)
        return answer

    def deliver(self) -> None:
        """Every event that waits, once; a fault delivers it twice. Answers that end together take turns."""
        with self._one_delivers:
            for sent in self._office.undelivered():
                self._deliver(sent)
                if self._office.take_fault("hooks", FaultKind.DOUBLE_HOOK):
                    self._deliver(sent)

    def _deliver(self, sent: Sent) -> None:
        hook, now = self._office.hook(sent.hook_id), self._clock.now()
        parts = urlsplit(hook.url)
        headers = {
            "Content-Type": _JSON,
            "X-Debitura-Signature": signature(hook, sent.payload, now),
            "X-Debitura-Timestamp": str(int(now.timestamp())),
            "X-Debitura-Event": sent.event,
        }
        base = f"{parts.scheme}://{parts.netloc}"
        try:
            with Transport(base, log=unlogged) as transport:
                path = parts.path + (f"?{parts.query}" if parts.query else "")
                answer = transport.send("POST", path, body=sent.payload.encode(), headers=headers)
        except (Unreached, Unanswered) as error:
            self._office.delivered(sent, None, type(error).__name__, now)
            return
        failed = None if answer.status < _ACCEPTED_STATUS else f"status {answer.status}"
        self._office.delivered(sent, answer.status, failed, now)

    async def create(self, http: HttpRequest, creditor: Creditor) -> Response:
        body, key = await http.body(), http.headers.get("idempotency-key", "")
        digest = sha256(body).hexdigest()
        if fault := self._office.take_fault("cases", *_BEFORE):
            self._note(key, None, digest, None)
            return _failing(fault.kind, fault.reason, fault.retry_after)
        earlier = self._office.replay(creditor, key) if key else None
        if earlier is not None:
            self._note(key, None, digest, None)
            if earlier.digest != digest:
                return _json(wire.business_error("IdempotencyConflict", "another body"), 422)
            return Response(earlier.body, earlier.status, media_type=_JSON)
        if not creditor.signed:
            self._note(key, None, digest, None)
            text = "sign the debt collection agreement first"
            return _json(wire.business_error("MissingDebtCollectionContract", text), 422)
        try:
            asked, minor = wire.read_case(body)
        except wire.MalformedError as error:
            self._note(key, None, digest, None)
            raise _RefusalError(400, str(error)) from error
        case = self._office.accept(creditor, asked, minor, self._clock.now())
        self._note(key, case.creditor_reference, digest, case.case_id)
        answer = wire.encode(wire.case_of(case, creditor)).decode()
        if key:
            self._office.keep_replay(Replay(key, creditor.creditor_id, digest, 200, answer))
        if fault := self._office.take_fault("cases", *_AFTER):
            return _failing(fault.kind, fault.reason, fault.retry_after)
        return Response(answer, 200, media_type=_JSON)

    def _note(self, key: str, reference: str | None, digest: str, case_id: str | None) -> None:
        self._office.note(Request(self._clock.now(), key, reference, digest, case_id))

    async def list_cases(self, http: HttpRequest, creditor: Creditor) -> Response:
        cases = self._office.cases_of(creditor)
        shown, page = _paged(http, cases)
        told = [wire.case_of(case, creditor) for case in shown]
        return _json({"page": page, "cases": told})

    async def find(self, http: HttpRequest, creditor: Creditor) -> Response:
        reference = http.path_params["reference"]
        hidden = self._office.take_fault("lookup", FaultKind.HIDE)
        for case in self._office.cases_of(creditor):
            if case.creditor_reference == reference and not hidden:
                return _json(wire.case_of(case, creditor))
        raise _RefusalError(404, "no case has this creditor reference", "NotFound")

    async def fetch(self, http: HttpRequest, creditor: Creditor) -> Response:
        return _json(wire.case_of(self._case(http, creditor), creditor))

    async def timeline(self, http: HttpRequest, creditor: Creditor) -> Response:
        return _json(wire.timeline(self._case(http, creditor)))

    async def chats(self, http: HttpRequest, creditor: Creditor) -> Response:
        return _json([wire.chat(one) for one in self._case(http, creditor).chats])

    async def write(self, http: HttpRequest, creditor: Creditor) -> Response:
        asked = _asked(await http.body())
        case, message = self._case(http, creditor), asked.get("message")
        if not isinstance(message, str) or not 1 <= len(message) <= _MESSAGE_MAX:
            raise _RefusalError(400, "message")
        by = asked.get("userEmail") or asked.get("userId")
        if not by or creditor.member not in {"", by}:
            raise _RefusalError(400, "userEmail: no member of your team")
        if fault := self._office.take_fault("chats", *_BEFORE):
            return _failing(fault.kind, fault.reason, fault.retry_after)
        chat = self._office.write(case, message, self._clock.now())
        if fault := self._office.take_fault("chats", *_AFTER):
            return _failing(fault.kind, fault.reason, fault.retry_after)
        return _json(wire.chat(chat))

    async def payments(self, http: HttpRequest, creditor: Creditor) -> Response:
        case = self._case(http, creditor)
        return _json([wire.payment(one, case) for one in case.payments])

    async def list_payments(self, http: HttpRequest, creditor: Creditor) -> Response:
        cases = self._office.cases_of(creditor)
        shown, page = _paged(http, [(one, case) for case in cases for one in case.payments])
        told = [wire.payment(one, case) for one, case in shown]
        return _json({"page": page, "payments": told})

    async def contract(self, http: HttpRequest, creditor: Creditor) -> Response:
        link = None if creditor.signed else f"{http.base_url}sign/{creditor.creditor_id}"
        signed = {"signed": creditor.signed, "requiresResigning": False, "solutionUrl": link}
        return _json(signed)

    async def me(self, _: HttpRequest, creditor: Creditor) -> Response:
        return _json({"id": creditor.creditor_id, "companyName": creditor.company})

    async def subscribe(self, http: HttpRequest, creditor: Creditor) -> Response:
        asked = _asked(await http.body())
        url, events = asked.get("url"), asked.get("events")
        if not isinstance(url, str) or urlsplit(url).scheme not in {"http", "https"}:
            raise _RefusalError(400, "url")
        if not isinstance(events, list) or not events or set(events) - set(wire.EVENTS):
            raise _RefusalError(400, "events")
        is_test = bool(asked.get("isTestMode"))
        hook = self._office.subscribe(creditor, url, events, self._clock.now(), is_test=is_test)
        return _json(wire.hook(hook, with_secret=True), 201)

    async def subscriptions(self, _: HttpRequest, creditor: Creditor) -> Response:
        hooks = self._office.hooks_of(creditor)
        return _json([wire.hook(one, with_secret=False) for one in hooks])

    async def events(self, http: HttpRequest, creditor: Creditor) -> Response:
        case = self._office.case(http.query_params.get("caseId", ""))
        if case is None or case.creditor_id != creditor.creditor_id:
            raise _RefusalError(400, "caseId")
        return _json([wire.sent(one) for one in self._office.sent_about(case.case_id)])

    async def replay(self, http: HttpRequest, creditor: Creditor) -> Response:
        sent = self._office.sent(http.path_params["event_id"])
        hooks = {one.hook_id for one in self._office.hooks_of(creditor)}
        if sent is None or sent.hook_id not in hooks:
            raise _RefusalError(404, "no such event", "NotFound")
        again = {"eventId": sent.event_id, "subscriptionId": sent.hook_id, "eventType": sent.event}
        with self._office.changing():
            sent.attempts, sent.delivered_at = 0, None
        return _json(again)

    async def advance(self, http: HttpRequest, creditor: Creditor) -> Response:
        """Where the vendor's own document sends a test case: with the events of the real way."""
        asked = _asked(await http.body())
        case, now, to = self._case(http, creditor), self._clock.now(), asked.get("to")
        if not case.is_test:
            raise _RefusalError(400, "the case is no test case")
        if to not in {"Active", "Closed:Paid", "Closed:NoPayment"}:
            raise _RefusalError(400, "to")
        if wire.state_of(case) == to or (to == "Active" and case.lifecycle == CLOSED):
            return _json({"advanced": False, "state": wire.state_of(case)})
        if case.lifecycle == CLOSED:
            raise _RefusalError(400, f"the case is closed as {case.close_code}")
        if case.lifecycle == PENDING or to == "Active":
            self._office.activate(case, now)
        if to == "Closed:Paid":
            self._office.pay(case, _amount(asked.get("amount"), case), now)
            self._office.close(case, PAID, now)
        elif to == "Closed:NoPayment":
            self._office.close(case, EXHAUSTED, now)
        return _json({"advanced": True, "state": wire.state_of(case)})

    def _case(self, http: HttpRequest, creditor: Creditor) -> Case:
        case = self._office.case(http.path_params["case_id"])
        if case is None or case.creditor_id != creditor.creditor_id:
            raise _RefusalError(404, "there is no such case", "NotFound")
        return case


def _amount(given: Any, case: Case) -> int:
    try:
        minor = Money.of(str(given), case.currency).minor
    except (ArithmeticError, MoneyError) as error:
        raise _RefusalError(400, "amount") from error
    if minor <= 0:
        raise _RefusalError(400, "amount")
    return minor


def _asked(body: bytes) -> dict[str, Any]:
    try:
        return wire.read_object(body)
    except wire.MalformedError as error:
        raise _RefusalError(400, str(error)) from error


def _paged(http: HttpRequest, found: list[Any]) -> tuple[list[Any], dict[str, int]]:
    try:
        current = int(http.query_params.get("Page", "1"))
        size = int(http.query_params.get("PageSize", str(_PAGE_SIZE)))
    except ValueError as error:
        raise _RefusalError(400, "Page or PageSize") from error
    if current < 1 or not 1 <= size <= _LARGEST_PAGE:
        raise _RefusalError(400, "Page or PageSize")
    shown = found[(current - 1) * size : current * size]
    return shown, wire.page(len(found), size, current, len(shown))


def _failing(kind: FaultKind, reason: str, retry_after: int) -> Response:
    match kind:
        case FaultKind.TIMEOUT_BEFORE | FaultKind.TIMEOUT_AFTER:
            return _Silence(status_code=504)
        case FaultKind.ERROR_BEFORE:
            return Response(status_code=503)
        case FaultKind.BUSY:
            return Response(status_code=429, headers={"Retry-After": str(retry_after)})
        case FaultKind.REFUSE:
            return _json(wire.business_error(reason, "this case cannot be taken"), 422)
        case FaultKind.GARBAGE_AFTER:
            return Response("<html>", 200, media_type=_JSON)
        case _:
            return _json(wire.error("something went wrong", "ServerError"), 500)


def _json(content: Any, status: int = 200) -> Response:
    return Response(wire.encode(content), status, media_type=_JSON)


async def _refused(_: HttpRequest, error: Exception) -> Response:
    assert isinstance(error, _RefusalError)
    return _json(wire.error(str(error), error.kind), error.status)
