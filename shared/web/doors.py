"""How a service comes by its doorkeeper: the issuer's public keys, and sessions asked of tenants."""

from __future__ import annotations

import json
import weakref
from collections.abc import Mapping
from typing import Final

import httpx
from joserfc.jwk import OKPKey

from shared.clock import WallClock
from shared.service import Surroundings
from shared.web.doorkeeper import Doorkeeper, NoSessions, Sessions
from shared.web.problem import NOT_READY, Problem

_TIMEOUT_S: Final = 3.0
_SOON: Final = {"Retry-After": "1"}


class SessionsOverHttp:
    """Asks the tenants service for an assertion for this service."""

    def __init__(self, tenants_url: str, audience: str) -> None:
        self._client = httpx.Client(base_url=tenants_url, timeout=_TIMEOUT_S, trust_env=False)
        # It lives as long as the app that asks; no connection stays open behind it.
        weakref.finalize(self, self._client.close)
        self._audience = audience

    def assertion(self, cookie: str) -> str | None:
        asked = {"session": cookie, "audience": self._audience}
        try:
            answer = self._client.post("/tenants/internal/assertions", json=asked)
        except httpx.TransportError as error:
            # Nobody's fault and soon over: the session is as good as it was.
            raise Problem(NOT_READY, headers=_SOON) from error
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            return None
        answer.raise_for_status()
        return str(answer.json()["assertion"])


def verifying_keys(document: str) -> dict[str, OKPKey]:
    """Public keys by id, from the issuer's key set (JWKS, RFC 7517)."""
    keys = [OKPKey.import_key(key) for key in json.loads(document)["keys"]]
    return {str(key.kid): key for key in keys}


def doorkeeper(
    surroundings: Surroundings, audience: str, sessions: Sessions | None = None
) -> Doorkeeper:
    """Settings: `assertion_keys` (a JWKS document), `tenants_url` for services with pages."""
    settings: Mapping[str, str] = surroundings.settings
    if sessions is None:
        url = settings.get("tenants_url")
        sessions = SessionsOverHttp(url, audience) if url else NoSessions()
    return Doorkeeper(
        audience=audience,
        keys=verifying_keys(surroundings.setting("assertion_keys")),
        sessions=sessions,
        clock=WallClock(),
    )
