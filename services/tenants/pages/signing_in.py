"""Sign-in, sign-out, and the demonstration's personas.

Without demonstration mode nobody signs in as a persona: the list is empty, and a form that names
one is answered like a form that names nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import Form, Query, Request
from starlette.responses import RedirectResponse, Response

from services.tenants.acts import demo
from services.tenants.desk import Desk, Here
from services.tenants.pages.words import role_words
from services.tenants.registers.sessions import LIFETIME
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Page
from shared.web.csrf import end_session, page_token, start_session
from shared.web.doorkeeper import SESSION_COOKIE
from shared.web.frame import demo_clock
from shared.web.problem import not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router

router = page_router()

_ON_THIS_SITE: Final = re.compile(r"/(?!/)[!-\[\]-~]*")  # printable, no space, no backslash
_FALLBACK: Final = "/"


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody to sign in as: `what` says where and as what they work."""

    user_id: UUID
    name: str
    what: str


def way_back(target: str) -> str:
    """Where to go after signing in: a path of this site, else the front page."""
    return target if _ON_THIS_SITE.fullmatch(target) else _FALLBACK


@router.get("/sign-in")
def sign_in_page(
    request: Request, here: Here, target: Annotated[str, Query(alias="next")] = _FALLBACK
) -> str:
    reader = reader_of(request)
    gettext = translator(reader.language).gettext
    page = Page(gettext("Sign in"), clock=demo_clock(request), form_token=page_token(request))
    return draw(
        request.app.state.pages,
        "sign_in.html",
        reader,
        page=page,
        choices=_choices(request, here),
        target=way_back(target),
    )


@router.post("/sign-in")
def sign_in(
    request: Request,
    here: Here,
    user_id: Annotated[str, Form()],
    target: Annotated[str, Form(alias="next")] = _FALLBACK,
) -> Response:
    persona = _persona(here, user_id)
    if persona is None:
        raise not_found()
    cookie = here.sessions.open(demo.STRANDGADE.agency_id, persona.user_id)
    if cookie is None:
        raise not_found()
    # The session from before ends, so that nobody goes on in a browser that has changed hands.
    here.sessions.close(request.cookies.get(SESSION_COOKIE, ""))
    answer = RedirectResponse(way_back(target), HTTPStatus.SEE_OTHER)
    seconds = int(LIFETIME.total_seconds())
    start_session(answer, cookie, https=here.https, seconds=seconds)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, here: Here) -> Response:
    here.sessions.close(request.cookies.get(SESSION_COOKIE, ""))
    answer = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    end_session(answer)
    return answer


def _persona(here: Desk, user_id: str) -> demo.Persona | None:
    """The persona of this id; nobody outside of a demonstration."""
    if not here.personas:
        return None
    return next((one for one in demo.PEOPLE if str(one.user_id) == user_id), None)


def _choices(request: Request, here: Desk) -> list[Choice]:
    """Those of the cast who can sign in now, as they stand: roles may have changed since."""
    if not here.personas:
        return []
    words = role_words(request)
    choices = []
    for persona in demo.PEOPLE:
        person = here.directory.person(demo.STRANDGADE.agency_id, persona.user_id)
        if person is None or person.disabled:
            continue
        standing = here.directory.standing(person)
        roles = sorted({words[role] for held in standing.roles.values() for role in held})
        where = standing.companies[0].name if len(standing.companies) == 1 else standing.office
        choices.append(Choice(person.user_id, standing.name, f"{', '.join(roles)} · {where}"))
    return choices
