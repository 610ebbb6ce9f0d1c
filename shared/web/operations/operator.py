"""Who looks after the machine, and what the pages of operations share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Form, Request

from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Field
from shared.web.frame import OPERATIONS, frame
from shared.web.identity import Identity
from shared.web.problem import INVALID, NOT_ALLOWED, FieldError, Problem
from shared.web.reading import reader_of
from shared.web.scope import SignedIn

Own = Callable[[Request, Identity], str]
"""A service's own part of the fragment; empty where it has nothing to say."""
REASON_MAX: Final = 500  # characters


def nothing_of_its_own(_request: Request, _identity: Identity) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Operator:
    """A person, and the tenants for which they hold the role operations: at least one."""

    identity: Identity
    tenants: tuple[UUID, ...]

    @property
    def actor(self) -> str:
        return f"user:{self.identity.user_id}"

    def company(self, tenant_id: UUID | None) -> str:
        """The tenant's name; empty where a message does not say whose it is."""
        grants = self.identity.grants
        return next((g.company for g in grants if g.tenant_id == tenant_id), "")


def operator(identity: SignedIn) -> Operator:
    tenants = identity.tenants_with(OPERATIONS)
    if not tenants:
        raise Problem(NOT_ALLOWED)
    return Operator(identity, tenants)


Operates = Annotated[Operator, Depends(operator)]


def reason(reason: Annotated[str, Form(max_length=REASON_MAX)] = "") -> str:
    """Why somebody acts, as they put it: no act without one."""
    if not reason.strip():
        error = FieldError(field="reason", rule="missing", detail="Say why: it is recorded.")
        raise Problem(INVALID, errors=[error])
    return reason.strip()


Reason = Annotated[str, Depends(reason)]


def words(request: Request) -> Callable[[str], str]:
    gettext: Callable[[str], str] = translator(reader_of(request).language).gettext
    return gettext


def reason_field(request: Request) -> Field:
    gettext = words(request)
    hint = gettext("Recorded with your name.")
    return Field("reason", gettext("Why"), "textarea", hint=hint, required=True)


def drawn(request: Request, who: Operator, template: str, title: str, **matter: Any) -> str:
    page = frame(request, who.identity, title)
    return draw(request.app.state.pages, template, reader_of(request), page=page, **matter)
