"""HTTP to e-conomic, as one class: what went wrong is told apart by what is safe to do next.

Only reads are retried. A write is sent once; if its answer is lost, that is `OutcomeUnknown`.
Redirects are never followed, since they would carry the tokens to another host.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import msgspec
import stamina

from services.sync.gateways.errors import (
    AccessDenied,
    LedgerError,
    NeedsConsent,
    NotSent,
    OutcomeUnknown,
    Refused,
    Transient,
    Unreadable,
)
from shared.clock import Clock
from shared.faults import crash_point

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_OK = range(200, 300)
_REDIRECTS = range(300, 400)
_SERVER_ERRORS = range(500, 600)
# Answered without an answer: a time-out at the vendor, and a conflict with a request that may be
# our own first one, still under way.
_UNDECIDED = (408, 409)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Our app's secret and the tenant's grant; neither expires, and neither is ever printed."""

    app_secret: str = field(repr=False)
    grant: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hosts:
    """The legacy REST interface and the OpenAPI services. Nothing else is ever called."""

    rest: str = "https://restapi.e-conomic.com"
    apis: str = "https://apis.e-conomic.com"


class _Problem(msgspec.Struct, rename="camel"):
    """An error body of either interface: the legacy says `message`, a problem document `title`."""

    error_code: str | int | None = None
    message: str | None = None
    title: str | None = None
    detail: str | None = None
    developer_hint: str | None = None


class EconomicHttp:
    """One tenant's way to e-conomic. Not shared between threads, nor between tenants.

    `clock` is the wall clock. After a 429 with Retry-After this tenant stays away until the time is up: further calls raise
    `Transient` without being sent, and no other tenant waits.
    """

    def __init__(
        self,
        credentials: Credentials,
        clock: Clock,
        hosts: Hosts | None = None,
        timeout_seconds: float = 30,
    ) -> None:
        self.hosts = hosts or Hosts()
        self._clock = clock
        self._stay_away_until: datetime | None = None
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout_seconds, connect=min(timeout_seconds, 5)),
            # A kept connection that the other side has just closed would turn a plain NotSent into a
            # doubtful OutcomeUnknown.
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=False,
            headers={
                "X-AppSecretToken": credentials.app_secret,
                "X-AgreementGrantToken": credentials.grant,
            },
        )

    def close(self) -> None:
        self._client.close()

    def get(self, url: str, query: Mapping[str, str] | None = None) -> httpx.Response:
        """A read, tried up to three times unless the vendor asks us to wait."""
        for attempt in stamina.retry_context(on=_worth_another_try, attempts=3, timeout=60):
            with attempt:
                return self._send(self._client.build_request("GET", url, params=query))
        raise AssertionError("the last attempt returns or raises")

    def post(self, url: str, body: bytes, idempotency_key: str | None = None) -> httpx.Response:
        """A write, sent once."""
        headers = {"Content-Type": "application/json"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        return self._send(self._client.build_request("POST", url, content=body, headers=headers))

    def _send(self, request: httpx.Request) -> httpx.Response:
        self._keep_away()
        crash_point(f"{request.method} {request.url.path}:before")
        try:
            response = self._client.send(request)
        except _NEVER_LEFT as error:
            raise NotSent(f"{_shown(request)}: {type(error).__name__}") from error
        except httpx.RequestError as error:
            raise _lost(request, type(error).__name__) from error
        crash_point(f"{request.method} {request.url.path}:after")
        if (failure := _classified(request, response)) is not None:
            if isinstance(failure, Transient) and failure.retry_after is not None:
                self._stay_away_until = self._clock.now() + failure.retry_after
            raise failure
        return response

    def _keep_away(self) -> None:
        now = self._clock.now()
        if self._stay_away_until is not None and now < self._stay_away_until:
            raise Transient("the vendor asked us to wait", self._stay_away_until - now)


def _worth_another_try(error: Exception) -> bool:
    if isinstance(error, Transient):
        return error.retry_after is None
    return isinstance(error, NotSent)


def _classified(request: httpx.Request, response: httpx.Response) -> LedgerError | None:
    """The error that a status means, or none. Unknown refusals need a person, not a retry.

    A 404 is one of them: a version that the vendor has retired must not look like a vanished entry.
    """
    status = response.status_code
    if status in _OK:
        return None
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Transient("too many requests", _retry_after(response.headers))
    if status == httpx.codes.UNAUTHORIZED:
        return NeedsConsent("the grant is not accepted")
    if status in _REDIRECTS and request.method == "GET":
        return Unreadable(f"{_shown(request)} redirects; redirects are not followed")
    if status in _SERVER_ERRORS or status in _REDIRECTS or status in _UNDECIDED:
        return _lost(request, f"answered {status}")
    problem = _problem(response)
    text = problem.message or problem.detail or problem.title or response.reason_phrase
    if status == httpx.codes.FORBIDDEN:
        return AccessDenied(text)
    return Refused(str(problem.error_code or status), text, problem.developer_hint or "")


def _lost(request: httpx.Request, why: str) -> LedgerError:
    text = f"{_shown(request)}: {why}"
    return Transient(text) if request.method == "GET" else OutcomeUnknown(text)


def _shown(request: httpx.Request) -> str:
    """Method and path: a query may name a party, and a header holds the tokens."""
    return f"{request.method} {request.url.path}"


def _problem(response: httpx.Response) -> _Problem:
    try:
        return msgspec.json.decode(response.content, type=_Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _Problem()


def _retry_after(headers: httpx.Headers) -> timedelta | None:
    """Seconds, or a date measured against the vendor's own clock (RFC 9110 §10.2.3)."""
    asked = headers.get("Retry-After", "")
    if asked.isascii() and asked.isdigit():
        return timedelta(seconds=int(asked))
    try:
        wait = parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return max(wait, timedelta())
