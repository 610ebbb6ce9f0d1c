"""The one door outward for HTTP.

Every adapter of the outside world speaks through `Transport`, which answers the question that decides
whether a payment may be sent again: did a byte of the body leave?

    Unreached     no: the name was not found, the connection refused, the circuit open
    Unanswered    perhaps: anything that went wrong once a connection stood

`send` asks exactly once. Only `get` and `follow` ask again, since reading twice changes nothing. No
environment variable redirects a call, no redirect is followed, and no connection is used twice: a kept
one that the other side has just closed would turn a plain `Unreached` into a doubtful `Unanswered`.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpx
import stamina
import structlog

from shared.circuit import Circuit
from shared.clock import WallClock
from shared.deadline import Deadline
from shared.faults import crash_point

# Both write whole URLs, in which account numbers stand; the log hook says the same without them.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

# What may well be otherwise in a moment; other answers stay the same however often one asks.
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_SERVER_ERROR = 500
_LONG_SEGMENT = 8
_WAIT_DIGITS = 8  # three years in seconds: a longer wait is not one
# A failed TLS handshake is a ConnectError too: the request is only written after it.
_BEFORE_ANY_BYTE = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


class Unreached(Exception):
    """No byte of the request's body left this machine: asking again cannot do a thing twice."""


class CircuitOpen(Unreached):
    """The other side failed so often of late that it was not asked."""


class Unanswered(Exception):
    """The request may have arrived, and no whole answer came back."""


class ForbiddenHostError(Exception):
    """A link leads to a host that this transport was not opened for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said, whatever it said: the adapter judges it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def asked_wait(self, now: datetime) -> timedelta | None:
        """How long the other side asks to be left alone (Retry-After, RFC 9110 §10.2.3).

        An instant is measured by the other side's own clock where its answer shows it.
        """
        asked = self.headers.get("retry-after", "").strip()
        if asked.isascii() and asked.isdigit() and len(asked) <= _WAIT_DIGITS:
            return timedelta(seconds=int(asked))
        until, then = _instant(asked), _instant(self.headers.get("date", "")) or now
        return None if until is None else max(until - then, timedelta())


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as the log may know it: no header, no body, no query, long numbers masked."""

    method: str
    host: str
    path: str
    status: int | None
    seconds: float
    failure: str | None


@dataclass(frozen=True, slots=True)
class Limits:
    """How long (seconds), how much (bytes) and how often; the defaults suit a bank."""

    connect: float = 5.0
    read: float = 30.0
    whole: float = 60.0
    answer_bytes: int = 20_000_000
    attempts: int = 3
    longest_wait: float = 10.0
    failures_to_open: int = 5
    open_for: float = 30.0


def log_exchange(exchange: Exchange) -> None:
    """The default hook: one structured line per request."""
    structlog.get_logger("http").info(
        "http exchange",
        method=exchange.method,
        host=exchange.host,
        path=exchange.path,
        status=exchange.status,
        seconds=round(exchange.seconds, 3),
        failure=exchange.failure,
    )


def unlogged(_: Exchange) -> None:
    """The hook of tools whose user sees what they ask."""


def redacted(path: str) -> str:
    """A path in which each long segment with a digit (an account, an id) shows its last four only."""
    return "/".join(
        f"*{segment[-4:]}"
        if len(segment) >= _LONG_SEGMENT and any(char.isdigit() for char in segment)
        else segment
        for segment in path.split("/")
    )


def no_cookies() -> CookieJar:
    """For a client that speaks for many: what an answer to one sets never goes along with another's."""
    return CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))


class Transport:
    """HTTP to one outside party at one base address."""

    def __init__(
        self,
        base_url: str,
        *,
        also: frozenset[str] = frozenset(),
        limits: Limits | None = None,
        clock: WallClock | None = None,
        log: Callable[[Exchange], None] = log_exchange,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Every path is below `base_url`; links in answers may lead there and to the bases in `also`.

        A party that wants a client's certificate gets it by `tls`.
        """
        self._limits = limits or Limits()
        self._clock = clock or WallClock()
        self._log = log
        self._base = httpx.URL(base_url.rstrip("/"))
        self._origins = {_origin(self._base), *(_origin(httpx.URL(url)) for url in also)}
        self._circuit = Circuit(self._limits.failures_to_open, self._limits.open_for)
        self._client = httpx.Client(
            timeout=httpx.Timeout(self._limits.read, connect=self._limits.connect),
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=False,
            verify=tls or trusted(),
            cookies=no_cookies(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Read what is below the base address, asking again while that is polite.

        Asked again is what may pass: no answer, a fault of the other side's, or its wish for a moment.
        A wait longer than `limits.longest_wait` is the caller's to plan: the answer is given to him.
        """
        return self._read(self._below(path).copy_merge_params(params or {}), headers or {})

    def follow(self, link: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Read what a link in an answer leads to.

        ForbiddenHostError where it leads away from the hosts that this transport is for.
        """
        try:
            url = self._base.join(link)
        except httpx.InvalidURL as error:
            raise ForbiddenHostError("a link in the answer is no address") from error
        if _origin(url) not in self._origins:
            raise ForbiddenHostError(f"a link in the answer leads to {url.host!r}")
        return self._read(url, headers or {})

    def send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask once, never twice: whoever moves money decides himself what an error means."""
        return self._once(method, self._below(path), headers or {}, body)

    def _below(self, path: str) -> httpx.URL:
        return httpx.URL(f"{self._base}{path}")

    def _read(self, url: httpx.URL, headers: Mapping[str, str]) -> Answer:
        try:
            for attempt in stamina.retry_context(
                on=self._again,
                attempts=self._limits.attempts,
                wait_max=self._limits.longest_wait,
                timeout=None,
            ):
                with attempt:
                    return self._unless_passing(url, headers)
        except _PassingError as passing:
            return passing.answer
        raise AssertionError("retrying ends with an answer or an error")

    def _unless_passing(self, url: httpx.URL, headers: Mapping[str, str]) -> Answer:
        answer = self._once("GET", url, headers, None)
        if answer.status in _PASSING:
            raise _PassingError(answer)
        return answer

    def _again(self, error: Exception) -> bool | float:
        """Whether reading is worth another try, or after how many seconds."""
        if isinstance(error, _PassingError):
            wait = error.answer.asked_wait(self._clock.now())
            if wait is None:
                return True
            seconds = wait.total_seconds()
            return seconds if seconds <= self._limits.longest_wait else False
        return isinstance(error, Unreached | Unanswered) and not isinstance(error, CircuitOpen)

    def _once(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        began = self._clock.monotonic()
        if not self._circuit.admits(began):
            raise CircuitOpen(f"{url.host} failed too often and is left alone for a while")
        status, failure = None, None
        crash_point(f"{method} {url.path}:before")
        try:
            answer = self._exchange(method, url, headers, body)
            status = answer.status
        except (Unreached, Unanswered) as error:
            failure = type(error.__cause__ or error).__name__
            raise
        else:
            crash_point(f"{method} {url.path}:after")
            return answer
        finally:
            now = self._clock.monotonic()
            self._circuit.report(ok=status is not None and status < _SERVER_ERROR, at=now)
            self._log(Exchange(method, url.host, redacted(url.path), status, now - began, failure))

    def _exchange(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        deadline = Deadline(self._limits.whole)
        try:
            with (
                deadline.kept(),
                self._client.stream(
                    method, url, headers=dict(headers), content=body, extensions=deadline.extensions
                ) as response,
            ):
                content = bytearray()
                for piece in response.iter_bytes():
                    content += piece
                    if len(content) > self._limits.answer_bytes:
                        raise Unanswered("the answer is longer than any honest one")
        except _BEFORE_ANY_BYTE as error:
            raise Unreached(f"no connection to {url.host}: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            late = "too slowly: " if deadline.passed else ""
            raise Unanswered(f"no answer from {url.host}: {late}{type(error).__name__}") from error
        if deadline.passed:  # what was cut off may look like a whole answer
            raise Unanswered(f"no answer from {url.host}: too slowly")
        return Answer(response.status_code, response.headers, bytes(content))


class _PassingError(Exception):
    """The other side answered, but asking it again later may be answered better."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"status {answer.status}")
        self.answer = answer


def _instant(text: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


@cache
def trusted() -> ssl.SSLContext:
    """The certificates that we trust. Made once: reading them takes longer than many a call, and a megabyte."""
    return httpx.create_ssl_context(trust_env=False)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    # httpx leaves a scheme's own port out, so that equal origins compare equal.
    return url.scheme, url.host, url.port
