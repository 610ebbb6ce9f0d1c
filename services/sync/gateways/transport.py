"""HTTP to e-conomic: what went wrong, told apart by what is safe to do next.

Only reads are repeated. A write is sent once; if its answer is lost, that is `OutcomeUnknown`.
Redirects are not followed, since they would carry the tokens to another host.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

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
from shared.http import Answer, Limits, Transport, Unanswered, Unreached

_OK = range(200, 300)
_REDIRECTS = range(300, 400)
_SERVER_ERRORS = range(500, 600)
_NO_GRANT, _NO_ACCESS, _TOO_MANY = 401, 403, 429
# Answered without an answer: a time-out at the vendor, and a conflict with a request that may be
# our own first one, still under way.
_UNDECIDED = (408, 409)
# Seconds. A longer wait is planned and not slept through, since other tenants come after this one.
_MOMENT = 2


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

    `clock` is the wall clock. After a 429 with Retry-After this tenant stays away until the time is
    up: further calls raise `Transient` without being sent, and no other tenant waits.
    """

    def __init__(
        self,
        credentials: Credentials,
        clock: Clock,
        hosts: Hosts | None = None,
        timeout_seconds: float = 30,
    ) -> None:
        hosts = hosts or Hosts()
        limits = Limits(
            connect=min(timeout_seconds, 5),
            read=timeout_seconds,
            whole=2 * timeout_seconds,
            longest_wait=_MOMENT,
        )
        self._rest = Transport(hosts.rest, limits=limits)
        self._apis = Transport(hosts.apis, limits=limits)
        self._clock = clock
        self._stay_away_until: datetime | None = None
        self._tokens = {
            "X-AppSecretToken": credentials.app_secret,
            "X-AgreementGrantToken": credentials.grant,
        }

    def close(self) -> None:
        self._rest.close()
        self._apis.close()

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """Read from an OpenAPI service."""
        return self._read(self._apis, path, query)

    def get_legacy(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """Read from the legacy interface."""
        return self._read(self._rest, path, query)

    def post(self, path: str, body: bytes, idempotency_key: str | None = None) -> Answer:
        """Write to an OpenAPI service, once."""
        headers = {**self._tokens, "Content-Type": "application/json"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        return self._answered(
            f"POST {path}",
            OutcomeUnknown,
            lambda: self._apis.send("POST", path, body=body, headers=headers),
        )

    def _read(self, host: Transport, path: str, query: Mapping[str, str] | None) -> Answer:
        # A query may name a party, so that errors show the path only.
        return self._answered(
            f"GET {path}", Transient, lambda: host.get(path, params=query, headers=self._tokens)
        )

    def _answered(
        self, shown: str, lost: type[Transient | OutcomeUnknown], ask: Callable[[], Answer]
    ) -> Answer:
        """The answer that was hoped for; `lost` is what it means when there is none."""
        now = self._clock.now()
        if self._stay_away_until is not None and now < self._stay_away_until:
            raise Transient("the vendor asked us to wait", self._stay_away_until - now)
        try:
            answer = ask()
        except Unreached as error:
            raise NotSent(f"{shown}: {error}") from error
        except Unanswered as error:
            raise lost(f"{shown}: {error}") from error
        if answer.status in _OK:
            return answer
        if answer.status == _TOO_MANY:
            now = self._clock.now()
            wait = answer.asked_wait(now)
            self._stay_away_until = None if wait is None else now + wait
            raise Transient("too many requests", wait)
        if answer.status in _REDIRECTS and lost is Transient:
            raise Unreadable(f"{shown} redirects; redirects are not followed")
        if answer.status in (*_REDIRECTS, *_SERVER_ERRORS, *_UNDECIDED):
            raise lost(f"{shown} answered {answer.status}")
        raise _refusal(answer)


def _refusal(answer: Answer) -> LedgerError:
    """What the vendor's no means. One that we do not know needs a person, not another try.

    A 404 is one of them: a version that the vendor has retired must not look like a vanished entry.
    """
    if answer.status == _NO_GRANT:
        return NeedsConsent("the grant is not accepted")
    problem = _problem(answer)
    text = problem.message or problem.detail or problem.title or f"answered {answer.status}"
    if answer.status == _NO_ACCESS:
        return AccessDenied(text)
    return Refused(str(problem.error_code or answer.status), text, problem.developer_hint or "")


def _problem(answer: Answer) -> _Problem:
    try:
        return msgspec.json.decode(answer.body, type=_Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _Problem()
