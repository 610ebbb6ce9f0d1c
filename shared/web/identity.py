"""Who is asking: an identity, signed for five minutes, verified by every service for itself.

The assertion is a JWT under Ed25519 (RFC 8037, algorithm name of RFC 9864). The algorithm is
pinned, and issuer, audience, key id and all times are required.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.web.problem import Problem, not_signed_in

ISSUER: Final = "forfald-tenants"
LIFETIME_SECONDS: Final = 300
_ALGORITHM: Final = "Ed25519"
_HEADER: Final = {"alg", "kid", "typ"}
_TYPE: Final = "JWT"
_SIZE_LIMIT: Final = 65_536  # characters: an agency's person may hold grants for many clients


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person may do for one client. `company` is its name, for the switcher."""

    tenant_id: UUID
    roles: frozenset[str]
    company: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    user_id: UUID
    name: str
    language: str
    grants: tuple[Grant, ...]
    agency_id: UUID | None = None

    def roles_for(self, tenant_id: UUID) -> frozenset[str]:
        """Empty when there is no grant for this tenant."""
        return next((g.roles for g in self.grants if g.tenant_id == tenant_id), frozenset())

    def tenants_with(self, *roles: str) -> tuple[UUID, ...]:
        """The tenants for which they hold one of the roles, or any role when none is named."""
        return tuple(
            grant.tenant_id for grant in self.grants if not roles or grant.roles & set(roles)
        )


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key of the issuer; `key_id` names its public half among the verifiers' keys."""

    key_id: str
    key: OKPKey


def sign(identity: Identity, key: SigningKey, *, audience: str, now: datetime) -> str:
    """The assertion that one service (`audience`) accepts for the next five minutes."""
    issued = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": audience,
        "sub": str(identity.user_id),
        "iat": issued,
        "nbf": issued,
        "exp": issued + LIFETIME_SECONDS,
        "name": identity.name,
        "language": identity.language,
        "agency": str(identity.agency_id) if identity.agency_id else None,
        "grants": [[str(g.tenant_id), sorted(g.roles), g.company] for g in identity.grants],
    }
    header = {"alg": _ALGORITHM, "kid": key.key_id, "typ": _TYPE}
    return jwt.encode(header, claims, key.key, algorithms=[_ALGORITHM])


@dataclass(frozen=True, slots=True)
class Verified:
    identity: Identity
    expires: int
    """Seconds since 1970: as long as it may be kept."""


def verify(token: str, keys: Mapping[str, OKPKey], *, audience: str, now: datetime) -> Verified:
    """The identity in an assertion; the one 401 for whatever is wrong with it.

    Times are compared without leeway: services and issuer are expected to keep the same time.
    """
    try:
        return _verified(token, keys, audience, int(now.timestamp()))
    except (JoseError, KeyError, TypeError, ValueError, Problem) as error:
        raise not_signed_in() from error


def _verified(token: str, keys: Mapping[str, OKPKey], audience: str, now: int) -> Verified:
    if len(token) > _SIZE_LIMIT or not token.isascii():
        raise not_signed_in()
    decoded = jwt.decode(token, lambda guest: _key(guest.headers(), keys), algorithms=[_ALGORITHM])
    claims = decoded.claims
    jwt.JWTClaimsRegistry(
        now=now,
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": audience},
        sub={"essential": True},
        iat={"essential": True},
        nbf={"essential": True},
        exp={"essential": True},
    ).validate(claims)
    # Several audiences in one token would let one service use it at another.
    if claims["aud"] != audience or claims["exp"] - claims["iat"] > LIFETIME_SECONDS:
        raise not_signed_in()
    return Verified(_identity(claims), int(claims["exp"]))


def _key(header: Mapping[str, Any], keys: Mapping[str, OKPKey]) -> OKPKey:
    # Exactly these: no crit, no embedded key, no key by address.
    if set(header) != _HEADER or header["typ"] != _TYPE:
        raise not_signed_in()
    return keys[header["kid"]]


def _identity(claims: Mapping[str, Any]) -> Identity:
    agency = claims["agency"]
    return Identity(
        user_id=UUID(claims["sub"]),
        name=_text(claims["name"]),
        language=_text(claims["language"]),
        grants=tuple(_grants(claims["grants"])),
        agency_id=UUID(agency) if agency is not None else None,
    )


def _grants(claim: Iterable[Any]) -> Iterable[Grant]:
    for tenant, roles, company in claim:
        yield Grant(UUID(tenant), frozenset(_text(role) for role in roles), _text(company))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value
