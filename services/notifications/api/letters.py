"""Letters over HTTP: their log and documents, a creditor's texts, and who gets today's list.

GET  /notifications/v1/tenants/{tenant_id}/letters               newest first, whom by id only
GET  /notifications/v1/tenants/{tenant_id}/documents/{sha256}    a letter's bytes as sent
GET  /notifications/v1/tenants/{tenant_id}/texts                 of each kind and language
PUT, DELETE  …/texts/{kind}/{language}                           own words, or ours again
POST         …/texts/{kind}/{language}/preview                   the letter that they would make (PDF)
GET, PUT, DELETE  …/list-subscription                            today's list by mail, to whoever asks
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.notifications.desk import READERS, WRITERS, Here
from services.notifications.model.letter_texts import LENGTHS, LetterTexts
from services.notifications.model.texts import Language
from services.notifications.values import LetterKind
from shared.web.problem import not_found
from shared.web.routers import api_router
from shared.web.scope import TenantScope, tenant_scope

router = api_router("notifications", "/tenants/{tenant_id}")
Reads = Annotated[TenantScope, Depends(tenant_scope(*READERS))]
Writes = Annotated[TenantScope, Depends(tenant_scope(*WRITERS))]
Sha = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
_PDF = "application/pdf"
_ROOM = 2  # a text may come with more white space than it is kept with


class LetterLine(BaseModel):
    """One delivery of one letter; no channel where none could carry it."""

    model_config = ConfigDict(from_attributes=True)

    notice_id: UUID
    debtor_id: UUID
    kind: str
    language: str
    letter_state: str
    letter_code: str | None
    received_at: datetime
    delivery: int | None
    channel: str | None
    state: str | None
    code: str | None
    sha256: str | None
    pages: int | None
    sent_at: datetime | None


class Words(BaseModel):
    title: str = Field(max_length=LENGTHS["title"] * _ROOM)
    body: str = Field(max_length=LENGTHS["body"] * _ROOM)
    closing: str = Field(max_length=LENGTHS["closing"] * _ROOM)

    def texts(self) -> LetterTexts:
        return LetterTexts(self.title, self.body, self.closing)


class TextsShown(BaseModel):
    """`version` is 0 where the words are ours."""

    kind: str
    language: str
    version: int
    title: str
    body: str
    closing: str


class Subscription(BaseModel):
    subscribed: bool


@router.get("/letters")
def letters(
    scope: Reads,
    desk: Here,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: UUID | None = None,
) -> list[LetterLine]:
    """`after` is the last letter seen."""
    lines = desk.letter_log(scope.tenant_id, limit=limit, after=after)
    return [LetterLine.model_validate(line) for line in lines]


@router.get("/documents/{sha}")
def document(scope: Reads, sha: Sha, desk: Here) -> Response:
    """A letter, byte for byte as it was sent."""
    found = desk.document(scope.tenant_id, sha)
    if found is None:
        raise not_found()
    return Response(found[0], media_type=found[1])


@router.get("/texts")
def texts(scope: Reads, desk: Here) -> list[TextsShown]:
    return [
        TextsShown(
            kind=kind,
            language=language,
            version=found.version,
            title=found.title,
            body=found.body,
            closing=found.closing,
        )
        for kind in LetterKind
        for language in Language
        for found in [desk.texts(scope.tenant_id, kind, language)]
    ]


@router.put("/texts/{kind}/{language}", status_code=204)
def change_texts(
    scope: Writes, kind: LetterKind, language: Language, words: Words, desk: Here
) -> None:
    """Refused with the field and the rule: `placeholder_unknown`, `clause_missing` and others."""
    desk.change_texts(scope, kind, language, words.texts())


@router.delete("/texts/{kind}/{language}", status_code=204)
def restore_texts(scope: Writes, kind: LetterKind, language: Language, desk: Here) -> None:
    """Our words again, which cannot be deleted."""
    desk.restore_texts(scope, kind, language)


@router.post("/texts/{kind}/{language}/preview")
def preview(
    scope: Writes, kind: LetterKind, language: Language, words: Words, desk: Here
) -> Response:
    """A letter about nobody, with the creditor's own look. Nothing is kept."""
    made = desk.preview(scope.tenant_id, kind, language, words.texts())
    return Response(made, media_type=_PDF)


@router.get("/list-subscription")
def list_subscription(scope: Reads, desk: Here) -> Subscription:
    return Subscription(subscribed=desk.gets_list(scope))


@router.put("/list-subscription", status_code=204)
def subscribe(scope: Reads, desk: Here) -> None:
    desk.subscribe(scope, wanted=True)


@router.delete("/list-subscription", status_code=204)
def unsubscribe(scope: Reads, desk: Here) -> None:
    desk.subscribe(scope, wanted=False)
