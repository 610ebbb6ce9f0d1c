"""From a request to an identity: a bearer for the JSON API, a session cookie for pages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from threading import Lock
from typing import Final, Protocol

from joserfc.jwk import OKPKey
from starlette.requests import Request

from shared.clock import Clock
from shared.web.identity import Identity, Verified, verify
from shared.web.problem import not_signed_in

SESSION_COOKIE: Final = "forfald_session"
_REMEMBERED: Final = 4096  # sessions per process
_COOKIE_LIMIT: Final = 256


class Sessions(Protocol):
    """The exchange of an opaque session for an assertion; the tenants service holds the sessions."""

    def assertion(self, cookie: str) -> str | None:
        """A fresh assertion for this service; None when there is no such session any more."""
        ...


class NoSessions:
    """For a service without pages."""

    def assertion(self, cookie: str) -> str | None:  # noqa: ARG002  the port's shape
        return None


class Doorkeeper:
    """Verifies who is asking. Sessions are remembered until their assertion expires.

    So a session that has ended is let in for at most five minutes more by a service that has seen
    it lately. `clock` is the wall clock.
    """

    def __init__(
        self, *, audience: str, keys: Mapping[str, OKPKey], sessions: Sessions, clock: Clock
    ) -> None:
        self._audience = audience
        self._keys = keys
        self._sessions = sessions
        self._clock = clock
        self._lock = Lock()
        self._remembered: OrderedDict[bytes, Verified] = OrderedDict()

    def by_bearer(self, request: Request) -> Identity:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise not_signed_in()
        return self._verify(token.strip()).identity

    def by_session(self, request: Request) -> Identity:
        cookie = request.cookies.get(SESSION_COOKIE, "")
        if not cookie or len(cookie) > _COOKIE_LIMIT:
            raise not_signed_in()
        # The hash, so that a dump of memory holds no session that can be used.
        key = sha256(cookie.encode()).digest()
        if (known := self._recall(key)) is not None:
            return known.identity
        token = self._sessions.assertion(cookie)
        if token is None:
            raise not_signed_in()
        verified = self._verify(token)
        self._remember(key, verified)
        return verified.identity

    def forget(self, cookie: str) -> None:
        """Called at sign-out, where it is handled."""
        with self._lock:
            self._remembered.pop(sha256(cookie.encode()).digest(), None)

    def _verify(self, token: str) -> Verified:
        return verify(token, self._keys, audience=self._audience, now=self._clock.now())

    def _recall(self, key: bytes) -> Verified | None:
        with self._lock:
            known = self._remembered.get(key)
            if known is not None and known.expires <= self._clock.now().timestamp():
                del self._remembered[key]
                return None
            return known

    def _remember(self, key: bytes, verified: Verified) -> None:
        with self._lock:
            self._remembered[key] = verified
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
