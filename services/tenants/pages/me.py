"""Who am I here, and in which language do I read?"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from services.tenants.desk import Here
from services.tenants.model.words import known_language
from services.tenants.pages.words import role_words, words
from shared.ui.environment import draw
from shared.ui.parts import Choice, Column, Field
from shared.web.frame import frame
from shared.web.problem import not_signed_in
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import SignedIn

router = page_router()

# Each in its own language, so that it is found by whoever reads no other.
_LANGUAGES = (
    Choice("da", "Dansk"),
    Choice("sv", "Svenska"),
    Choice("nb", "Norsk bokmål"),
    Choice("fi", "Suomi"),
    Choice("en", "English"),
)


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody is at one company."""

    company: str
    roles: str


@router.get("/me")
def me(request: Request, identity: SignedIn) -> str:
    gettext, roles = words(request), role_words(request)
    posts = [
        Post(grant.company, ", ".join(sorted(roles[role] for role in grant.roles)))
        for grant in identity.grants
    ]
    return draw(
        request.app.state.pages,
        "me.html",
        reader_of(request),
        page=frame(request, identity, identity.name),
        columns=[Column(gettext("Company")), Column(gettext("Roles"))],
        posts=posts,
        language=Field(
            "language",
            gettext("Language of the pages"),
            "select",
            value=identity.language,
            choices=_LANGUAGES,
        ),
    )


@router.post("/me/language")
def choose_language(identity: SignedIn, here: Here, language: Annotated[str, Form()]) -> Response:
    if identity.agency_id is None:
        raise not_signed_in()
    here.directory.choose_language(identity.agency_id, identity.user_id, known_language(language))
    return RedirectResponse("/me", HTTPStatus.SEE_OTHER)
