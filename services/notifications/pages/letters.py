"""The log of letters to debtors, and each letter exactly as it was sent."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request
from starlette.responses import Response

from services.notifications.desk import PAGE_LINES, READERS, Desk, Here
from services.notifications.pages.messages import words
from services.notifications.pages.words import channel_words, letter_words, reason_in_words
from shared import pdf
from shared.ui.environment import draw
from shared.ui.parts import Column
from shared.web.frame import frame
from shared.web.problem import not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope, tenant_scope

router = page_router("/notifications/{tenant_id}")
Reads = Annotated[TenantScope, Depends(tenant_scope(*READERS))]
Sha = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
_FOR_EVER = "private, max-age=31536000, immutable"
_WIDTH = 1200


@router.get("/letters")
def letters(request: Request, scope: Reads, desk: Here, after: UUID | None = None) -> str:
    """What was sent to which debtor by which channel, and the document itself."""
    gettext = words(request)
    shown = desk.letters(scope.tenant_id, after)
    full = len({one.line.notice_id for one in shown}) == PAGE_LINES
    return draw(
        request.app.state.pages,
        "letters.html",
        reader_of(request),
        page=frame(request, scope.identity, gettext("Letters"), tenant_id=scope.tenant_id),
        columns=[
            Column(gettext("Letter")),
            Column(gettext("Debtor")),
            Column(gettext("When")),
            Column(gettext("State"), "c-state"),
        ],
        letters=shown,
        kinds=letter_words(gettext),
        channels=channel_words(gettext),
        reason=lambda code: reason_in_words(code, gettext),
        here=f"/notifications/{scope.tenant_id}",
        older=f"?after={shown[-1].line.notice_id}" if full else "",
    )


@router.get("/documents/{sha}")
def document(request: Request, scope: Reads, sha: Sha, desk: Here) -> str:
    """The letter as pictures of its pages: phones show no PDF inside a page."""
    if desk.document(scope.tenant_id, sha) is None:
        raise not_found()
    gettext = words(request)
    here = f"/notifications/{scope.tenant_id}/documents/{sha}"
    count = len(pictures(desk, scope.tenant_id, sha))
    return draw(
        request.app.state.pages,
        "letter.html",
        reader_of(request),
        page=frame(request, scope.identity, gettext("The letter"), tenant_id=scope.tenant_id),
        pictures=[f"{here}/pages/{number}" for number in range(1, count + 1)],
        original=f"{here}/original",
    )


@router.get("/documents/{sha}/original")
def original(scope: Reads, sha: Sha, desk: Here) -> Response:
    """Byte for byte as it was sent; never opened inside this site."""
    found = desk.document(scope.tenant_id, sha)
    if found is None:
        raise not_found()
    headers = {
        "Content-Disposition": f'attachment; filename="{sha[:12]}.pdf"',
        "Cache-Control": _FOR_EVER,
    }
    return Response(found[0], media_type=found[1], headers=headers)


@router.get("/documents/{sha}/pages/{number}")
def picture(scope: Reads, sha: Sha, number: int, desk: Here) -> Response:
    found = pictures(desk, scope.tenant_id, sha)
    if not 1 <= number <= len(found):
        raise not_found()
    return Response(found[number - 1], media_type="image/png", headers={"Cache-Control": _FOR_EVER})


@lru_cache(maxsize=4)
def pictures(desk: Desk, tenant_id: UUID, sha: str) -> tuple[bytes, ...]:
    """Drawn once for the pages that are looked at together; none where it cannot be drawn."""
    found = desk.document(tenant_id, sha)
    if found is None:
        return ()
    try:
        return pdf.pages(found[0], _WIDTH)
    except pdf.UnreadablePdf:
        return ()
