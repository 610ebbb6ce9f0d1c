"""Today and Operations: pages that are composed of what the other services show on them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from markupsafe import Markup

from services.tenants.desk import Desk, Here
from services.tenants.model.words import OPERATIONS
from services.tenants.pages.words import service_words, words
from shared.ui.environment import draw
from shared.web.frame import frame
from shared.web.identity import Identity
from shared.web.problem import NOT_ALLOWED, Problem
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import SignedIn

router = page_router()

# In the order in which they stand on the page: to pay, to remind, to decide, then the rest.
ON_TODAY: Final = ("payments", "dunning", "approvals", "collections", "sync")
ON_OPERATIONS: Final = (
    "payments",
    "sync",
    "approvals",
    "notifications",
    "dunning",
    "collections",
    "tenants",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A service's part of the page; `html` is None where it is missing."""

    name: str
    html: Markup | None


@router.get("/")
async def today(request: Request, identity: SignedIn, here: Here) -> str:
    """What needs this person now, over all their companies."""
    gettext = words(request)
    # Only who looks after the machine is shown how it stands; the rest is asked for at once.
    watched = ON_OPERATIONS if identity.tenants_with(OPERATIONS) else ()
    shown, health = await asyncio.gather(
        _shown(request, here, identity, "today", ON_TODAY),
        _shown(request, here, identity, "health", watched),
    )
    return draw(
        request.app.state.pages,
        "today.html",
        reader_of(request),
        page=frame(request, identity, gettext("Today")),
        shown=shown,
        health=health,
        name=identity.name.split(" ", maxsplit=1)[0],
    )


@router.get("/operations")
async def operations(request: Request, identity: SignedIn, here: Here) -> str:
    """Whether the machine runs, per service."""
    if not identity.tenants_with(OPERATIONS):
        raise Problem(NOT_ALLOWED)
    gettext = words(request)
    shown = await _shown(request, here, identity, "operations", ON_OPERATIONS)
    return draw(
        request.app.state.pages,
        "operations.html",
        reader_of(request),
        page=frame(request, identity, gettext("Operations")),
        shown=shown,
        kill="/demo/kill" if here.personas else "",
    )


async def _shown(
    request: Request, here: Desk, identity: Identity, page: str, services: tuple[str, ...]
) -> list[Shown]:
    fragments = await here.fragments.gather(
        services,
        page,
        lambda service: here.identities.speak_for(identity, service),
        identity.language,
    )
    names = service_words(request)
    return [Shown(names[fragment.service], fragment.html) for fragment in fragments]
