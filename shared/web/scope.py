"""FastAPI dependencies: who is signed in, and for which tenant they act.

@router.get("/tenants/{tenant_id}/payments")
def payments(scope: Annotated[TenantScope, Depends(tenant_scope("bookkeeper"))]) -> ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request

from shared.web.doorkeeper import Doorkeeper
from shared.web.identity import Identity
from shared.web.problem import NOT_ALLOWED, Problem, not_found


def speaks_json(request: Request) -> bool:
    """Whether this is the JSON API, which no cookie opens."""
    prefix: str = request.app.state.api_prefix
    return request.url.path.startswith(prefix + "/")


def signed_in(request: Request) -> Identity:
    """Who is asking, or 401.

    The JSON API takes a bearer only. Pages take the session cookie, or a bearer where a service
    asks for a fragment on a person's behalf.
    """
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    if speaks_json(request) or "authorization" in request.headers:
        identity = doorkeeper.by_bearer(request)
    else:
        identity = doorkeeper.by_session(request)
    request.state.language = identity.language
    return identity


SignedIn = Annotated[Identity, Depends(signed_in)]


@dataclass(frozen=True, slots=True)
class TenantScope:
    """Somebody acting for a tenant, with the roles that they hold there."""

    identity: Identity
    tenant_id: UUID
    roles: frozenset[str]


def tenant_scope(*roles: str) -> Callable[[Identity, str], TenantScope]:
    """A dependency that lets in whoever holds one of the roles (any, when none is named).

    A tenant without a grant, one that does not exist and an id that is none get the same 404, so
    that nobody learns whose client a company is.
    """

    def scope(identity: SignedIn, tenant_id: Annotated[str, Path()]) -> TenantScope:
        tenant = _uuid(tenant_id)
        held = identity.roles_for(tenant)
        if not held:
            raise not_found()
        if roles and not held & set(roles):
            raise Problem(NOT_ALLOWED)
        return TenantScope(identity, tenant, held)

    return scope


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise not_found() from None
