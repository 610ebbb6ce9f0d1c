"""A kept document: shown, as pictures where it is a PDF, and given as it came."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from services.sync.desk import Desk, Sees
from services.sync.gateways import copies
from services.sync.model.einvoice import NotAnInvoice
from services.sync.model.safe_xml import UnsafeXml
from services.sync.model.ubl import read
from services.sync.pages.drawn import PAGE_WIDTH, sheet
from shared import pdf
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.web.frame import frame
from shared.web.problem import not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope

Sha = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
_PDF = "application/pdf"
_EXTENSIONS = {_PDF: "pdf", "application/xml": "xml"}
_FOR_EVER = "private, max-age=31536000, immutable"


def copies_of(desk: Desk) -> APIRouter:
    pages = page_router("/sync/{tenant_id}/copies/{sha}")

    @pages.get("", response_class=HTMLResponse)
    @pages.get("/view", response_class=HTMLResponse)
    def view(request: Request, scope: Sees, sha: Sha) -> str:
        """The document on a page of its own, or bare where a page asks for it."""
        reader = reader_of(request)
        content, media_type = _kept(desk, scope, sha)
        bare = "hx-request" in request.headers
        gettext = translator(reader.language).gettext
        here = f"/sync/{scope.tenant_id}/copies/{sha}"
        try:
            drawing = sheet(read(content), reader) if media_type != _PDF else None
        except (UnsafeXml, NotAnInvoice):
            drawing = None
        count = _count(desk, scope, sha) if media_type == _PDF else 0
        return draw(
            request.app.state.pages,
            "sync/copy_bare.html" if bare else "sync/copy.html",
            reader,
            page=frame(request, scope.identity, gettext("The invoice"), tenant_id=scope.tenant_id),
            sheet=drawing,
            pictures=[f"{here}/pages/{number}" for number in range(1, count + 1)],
            original=f"{here}/original",
        )

    @pages.get("/original")
    def original(scope: Sees, sha: Sha) -> Response:
        """Byte for byte as it came; never opened inside this site."""
        content, media_type = _kept(desk, scope, sha)
        name = f"{sha[:12]}.{_EXTENSIONS.get(media_type, 'bin')}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": _FOR_EVER,
        }
        return Response(content, media_type=media_type, headers=headers)

    @pages.get("/pages/{number}")
    def picture(scope: Sees, sha: Sha, number: int) -> Response:
        pictures = _pictures(desk, scope.tenant_id, sha)
        if not 1 <= number <= len(pictures):
            raise not_found()
        headers = {"Cache-Control": _FOR_EVER}
        return Response(pictures[number - 1], media_type="image/png", headers=headers)

    return pages


def _kept(desk: Desk, scope: TenantScope, sha: str) -> tuple[bytes, str]:
    found = _fetched(desk, scope.tenant_id, sha)
    if found is None:
        raise not_found()
    return found


def _fetched(desk: Desk, tenant_id: UUID, sha: str) -> tuple[bytes, str] | None:
    with desk.transaction(tenant_id) as transaction:
        return copies.fetch(transaction.raw, sha)


def _count(desk: Desk, scope: TenantScope, sha: str) -> int:
    return len(_pictures(desk, scope.tenant_id, sha))


@lru_cache(maxsize=4)
def _pictures(desk: Desk, tenant_id: UUID, sha: str) -> tuple[bytes, ...]:
    """Drawn once for the pages that are looked at together; none where it cannot be drawn."""
    found = _fetched(desk, tenant_id, sha)
    if found is None or found[1] != _PDF:
        return ()
    try:
        return pdf.pages(found[0], PAGE_WIDTH)
    except pdf.UnreadablePdf:
        return ()
