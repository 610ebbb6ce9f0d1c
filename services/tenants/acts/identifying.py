"""Who somebody is, said to the other services in a signed assertion and to ourselves without one.

The others take an assertion for five minutes. This service knows better and asks its own tables
with every request, so that a disabled person is refused here at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from joserfc.jwk import OKPKey
from starlette.requests import Request

from services.tenants.queries import Directory, Standing
from services.tenants.registers.people import Person
from services.tenants.registers.sessions import SessionBook
from shared.clock import Clock
from shared.web.doorkeeper import SESSION_COOKIE, Doorkeeper, NoSessions
from shared.web.identity import Grant, Identity, SigningKey, sign
from shared.web.problem import not_signed_in

AUDIENCE = "tenants"


def signing_key(private: str, verifying: Mapping[str, OKPKey]) -> SigningKey:
    """The issuer's key from its JWK (RFC 7517); refused when the others could not verify with it."""
    document = json.loads(private)
    key = OKPKey.import_key(document)
    key_id = str(document["kid"])
    known = verifying.get(key_id)
    if known is None or known.thumbprint() != key.thumbprint() or not key.is_private:
        raise ValueError("the public half of the signing key is not among the published keys")
    return SigningKey(key_id, key)


def identity_of(standing: Standing) -> Identity:
    """Companies without a role are not in it, so nobody is let in there."""
    return Identity(
        user_id=standing.person.user_id,
        name=standing.name,
        language=standing.person.language,
        grants=tuple(
            Grant(company.client_id, standing.roles[company.client_id], company.name)
            for company in standing.companies
        ),
        agency_id=standing.person.agency_id,
    )


class Identities:
    """`clock` is the wall clock."""

    def __init__(
        self, directory: Directory, sessions: SessionBook, key: SigningKey, clock: Clock
    ) -> None:
        self._directory = directory
        self._sessions = sessions
        self._key = key
        self._clock = clock

    def by_cookie(self, cookie: str) -> Identity | None:
        person = self._sessions.holder(cookie)
        return None if person is None else self._present(person)

    def again(self, known: Identity) -> Identity | None:
        """The same person as they are now; None when they are not there any more, or disabled."""
        if known.agency_id is None:
            return None
        person = self._directory.person(known.agency_id, known.user_id)
        return None if person is None or person.disabled else self._present(person)

    def assertion(self, cookie: str, audience: str) -> str | None:
        """What the service `audience` lets the session's holder in with for five minutes."""
        identity = self.by_cookie(cookie)
        return None if identity is None else self.speak_for(identity, audience)

    def speak_for(self, identity: Identity, audience: str) -> str:
        return sign(identity, self._key, audience=audience, now=self._clock.now())

    def _present(self, person: Person) -> Identity:
        return identity_of(self._directory.standing(person))


class LiveDoorkeeper(Doorkeeper):
    """Remembers nobody: whoever was disabled or signed out is refused with the next request."""

    def __init__(self, identities: Identities, keys: Mapping[str, OKPKey], clock: Clock) -> None:
        super().__init__(audience=AUDIENCE, keys=keys, sessions=NoSessions(), clock=clock)
        self._identities = identities

    def by_bearer(self, request: Request) -> Identity:
        return _somebody(self._identities.again(super().by_bearer(request)))

    def by_session(self, request: Request) -> Identity:
        return _somebody(self._identities.by_cookie(request.cookies.get(SESSION_COOKIE, "")))


def _somebody(identity: Identity | None) -> Identity:
    if identity is None:
        raise not_signed_in()
    return identity
