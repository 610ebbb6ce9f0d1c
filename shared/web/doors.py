"""How a service comes by its doorkeeper: the issuer's public keys, and sessions asked of tenants."""

from __future__ import annotations

import json
from typing import Final

from joserfc.jwk import OKPKey

from shared.clock import WallClock
from shared.http import Limits, Transport, Unanswered, Unreached
from shared.service import Surroundings
from shared.web.doorkeeper import Doorkeeper, NoSessions, Sessions
from shared.web.problem import NOT_READY, Problem

# Somebody waits for a page; and a service that restarts is back in a second.
_LIMITS: Final = Limits(connect=3, read=3, whole=3, open_for=1)
_OK, _UNAUTHORIZED = 200, 401
_SOON: Final = {"Retry-After": "1"}
KEY_SET: Final = "a set of public keys (JWKS)"


class SessionsOverHttp:
    """Asks the tenants service for an assertion for this service."""

    def __init__(self, tenants_url: str, audience: str) -> None:
        self._http = Transport(tenants_url, limits=_LIMITS)
        self._audience = audience

    def assertion(self, cookie: str) -> str | None:
        """Raises Problem where the tenants service does not say whether there is such a session."""
        asked = json.dumps({"session": cookie, "audience": self._audience}).encode()
        headers = {"Content-Type": "application/json"}
        try:
            answer = self._http.send(
                "POST", "/tenants/internal/assertions", body=asked, headers=headers
            )
        except (Unreached, Unanswered) as error:
            # Nobody's fault and soon over: the session is as good as it was.
            raise Problem(NOT_READY, headers=_SOON) from error
        if answer.status == _UNAUTHORIZED:
            return None
        if answer.status != _OK:
            raise Problem(NOT_READY, headers=_SOON)
        return str(json.loads(answer.body)["assertion"])


def verifying_keys(document: str) -> dict[str, OKPKey]:
    """Public keys by id, from the issuer's key set (JWKS, RFC 7517)."""
    keys = [OKPKey.import_key(key) for key in json.loads(document)["keys"]]
    return {str(key.kid): key for key in keys}


def doorkeeper(
    surroundings: Surroundings, audience: str, sessions: Sessions | None = None
) -> Doorkeeper:
    """Settings: `assertion_keys` (a JWKS document), `tenants_url` for services with pages."""
    settings = surroundings.settings
    if sessions is None:
        given = "tenants_url" in settings
        sessions = (
            SessionsOverHttp(settings.url("tenants_url"), audience) if given else NoSessions()
        )
    return Doorkeeper(
        audience=audience,
        keys=settings.read("assertion_keys", verifying_keys, KEY_SET),
        sessions=sessions,
        clock=WallClock(),
    )
