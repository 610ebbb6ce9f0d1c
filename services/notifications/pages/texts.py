"""What a creditor's letters say, per kind and language: looked at, changed, tried, and put back."""

from __future__ import annotations

from base64 import b64encode
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.notifications.desk import READERS, WRITERS, Here
from services.notifications.model.letter_texts import CLAUSES, FACTS, MANDATORY, LetterTexts
from services.notifications.model.texts import Language
from services.notifications.pages.messages import words
from services.notifications.pages.words import language_words, letter_words, refusal_in_words
from services.notifications.values import LetterKind
from shared import pdf
from shared.decider import Rejected
from shared.ui.environment import draw
from shared.ui.parts import Column, Field
from shared.web.frame import ADMINISTRATOR, frame
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope, tenant_scope

router = page_router("/notifications/{tenant_id}/texts")
Reads = Annotated[TenantScope, Depends(tenant_scope(*READERS))]
Writes = Annotated[TenantScope, Depends(tenant_scope(*WRITERS))]
_WIDTH = 1000


@router.get("")
def texts(request: Request, scope: Reads, desk: Here) -> str:
    gettext = words(request)
    return draw(
        request.app.state.pages,
        "texts.html",
        reader_of(request),
        page=frame(request, scope.identity, gettext("Texts of letters"), tenant_id=scope.tenant_id),
        columns=[
            Column(gettext("Letter")),
            Column(gettext("Language")),
            Column(gettext("Title")),
            Column(gettext("Words")),
        ],
        texts=[
            (kind, language, desk.texts(scope.tenant_id, kind, language))
            for kind in LetterKind
            for language in Language
        ],
        kinds=letter_words(gettext),
        languages=language_words(gettext),
        here=f"/notifications/{scope.tenant_id}",
        subscribed=desk.gets_list(scope),
        letterhead=f"/tenants/{scope.tenant_id}/letterhead"
        if ADMINISTRATOR in scope.identity.roles_for(scope.tenant_id)
        else "",
    )


@router.post("/list")
def list_by_mail(scope: Reads, desk: Here, wanted: Annotated[bool, Form()]) -> Response:
    """Today's list by mail, for whoever asks."""
    desk.subscribe(scope, wanted=wanted)
    return RedirectResponse(f"/notifications/{scope.tenant_id}/texts", HTTPStatus.SEE_OTHER)


@router.get("/{kind}/{language}")
def one_text(
    request: Request, scope: Writes, kind: LetterKind, language: Language, desk: Here
) -> str:
    return form(request, scope, kind, language, desk.texts(scope.tenant_id, kind, language), desk)


@router.post("/{kind}/{language}")
def change(
    request: Request,
    scope: Writes,
    kind: LetterKind,
    language: Language,
    desk: Here,
    title: Annotated[str, Form()] = "",
    body: Annotated[str, Form()] = "",
    closing: Annotated[str, Form()] = "",
    act: Annotated[str, Form()] = "preview",
) -> Response:
    """Kept, put back, or only tried: what was written stands there again with the letter it makes."""
    # A form sends its lines as mail does.
    body, closing = body.replace("\r\n", "\n"), closing.replace("\r\n", "\n")
    wanted = LetterTexts(title, body, closing)
    back = RedirectResponse(f"/notifications/{scope.tenant_id}/texts", HTTPStatus.SEE_OTHER)
    try:
        if act == "restore":
            desk.restore_texts(scope, kind, language)
            return back
        if act == "keep":
            desk.change_texts(scope, kind, language, wanted)
            return back
        return HTMLResponse(form(request, scope, kind, language, wanted, desk))
    except Rejected as rejected:
        page = form(request, scope, kind, language, wanted, desk, rejected)
        return HTMLResponse(page, HTTPStatus.UNPROCESSABLE_ENTITY)


def form(
    request: Request,
    scope: TenantScope,
    kind: LetterKind,
    language: Language,
    shown: LetterTexts,
    desk: Here,
    rejected: Rejected | None = None,
) -> str:
    """Raises Rejected where these words make no letter and nobody has said so yet."""
    gettext = words(request)
    kinds, languages = letter_words(gettext), language_words(gettext)

    def error(field: str) -> str:
        at_fault = rejected is not None and rejected.field == field
        return refusal_in_words(rejected, gettext) if at_fault and rejected else ""

    return draw(
        request.app.state.pages,
        "text.html",
        reader_of(request),
        page=frame(
            request,
            scope.identity,
            f"{kinds[kind]}, {languages[language]}",
            tenant_id=scope.tenant_id,
        ),
        fields=[
            Field("title", gettext("Title"), value=shown.title, error=error("title")),
            Field("body", gettext("Text"), "textarea", shown.body, error=error("body")),
            Field("closing", gettext("Closing"), "textarea", shown.closing, error=error("closing")),
        ],
        facts=[f"{{{name}}}" for name in sorted(FACTS)],
        clauses=[f"{{{name}}}" for name in sorted(CLAUSES)],
        mandatory=[f"{{{name}}}" for name in MANDATORY[kind]],
        pictures=[] if rejected else sheets(scope.tenant_id, kind, language, shown, desk),
        own=desk.texts(scope.tenant_id, kind, language).version > 0,
    )


def sheets(
    tenant_id: UUID, kind: LetterKind, language: Language, shown: LetterTexts, desk: Here
) -> list[str]:
    """The letter about nobody that these words make, drawn into the page itself."""
    letter = desk.preview(tenant_id, kind, language, shown)
    return [
        f"data:image/png;base64,{b64encode(page).decode()}" for page in pdf.pages(letter, _WIDTH)
    ]
