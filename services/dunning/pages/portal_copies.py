"""The debtor's copies: of each invoice, and of each letter exactly as it was sent.

A document that is given out is recorded first, by the letter whose link was used. What cannot be given
out now is answered with a page that says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.dunning.acts import copies
from services.dunning.acts.copies import Wanted
from services.dunning.acts.gathering import creditor_of, debtor_of
from services.dunning.commands.notice import NoteDownload
from services.dunning.desk import Desk
from services.dunning.model.creditor import Creditor
from services.dunning.model.debtor import Debtor
from services.dunning.pages.portal_door import HEADERS, Door, nothing
from services.dunning.registers.portal_links import PATH, PORTAL, Shown
from shared.copies import Copies, NoAnswer
from shared.ui.environment import draw
from shared.web.download import download
from shared.web.routers import page_router
from shared.work import Work

Why = Literal["not_here", "sought", "unreached", "gone"]
_STATUS: Final[dict[Why, HTTPStatus]] = {
    "not_here": HTTPStatus.SERVICE_UNAVAILABLE,
    "sought": HTTPStatus.ACCEPTED,
    "unreached": HTTPStatus.SERVICE_UNAVAILABLE,
    "gone": HTTPStatus.GONE,
}
_FILES: Final = {
    "application/pdf": "pdf",
    "application/xml": "xml",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
}
"""What a browser is told of; anything else is bytes to be kept."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of document: where it is kept, whose it is, and how giving it out is recorded.

    `seek` has one fetched that is not kept yet; None where nobody could.
    """

    kept: Copies | None
    find: Callable[[Work, UUID, UUID], Wanted | None]
    note: Callable[[Work, UUID, NoteDownload], None]
    seek: Callable[[Work, UUID], None] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the link leads to, and for whom."""

    wanted: Wanted
    creditor: Creditor
    debtor: Debtor


def copies_of(desk: Desk, door: Door) -> APIRouter:
    pages = page_router(PATH + "{token}")
    invoices = Shelf(
        desk.copies.invoices, copies.invoice_for, copies.note_invoice, copies.seek_invoice
    )
    letters = Shelf(desk.copies.letters, copies.letter_for, copies.note_letter)

    @pages.get("/invoices/{invoice_id}")
    def invoice(request: Request, token: str, invoice_id: str) -> Response:
        return given(request, token, invoice_id, invoices)

    @pages.get("/letters/{notice_id}")
    def letter(request: Request, token: str, notice_id: str) -> Response:
        return given(request, token, notice_id, letters)

    def given(request: Request, token: str, named: str, shelf: Shelf) -> Response:
        document_id, shown = _id(named), door.shown(token)
        if shown is None or document_id is None:
            return nothing(request)
        asked: Asked | None = desk.runtime.work(
            shown.tenant_id, PORTAL, lambda work: _asked(work, shown, document_id, shelf)
        )
        if asked is None:
            return nothing(request)
        found = _found(desk, shown, document_id, asked.wanted, shelf)
        if isinstance(found, bytes):
            return _file(found, asked.wanted)
        reader = door.reader(request, asked.creditor, asked.debtor)
        html = draw(
            request.app.state.pages,
            "dunning/portal_copy.html",
            reader,
            why=found,
            creditor=asked.creditor.name,
            back=PATH + token,
        )
        return HTMLResponse(html, _STATUS[found], HEADERS)

    return pages


def _asked(work: Work, shown: Shown, document_id: UUID, shelf: Shelf) -> Asked | None:
    wanted = shelf.find(work, shown.debtor_id, document_id)
    if wanted is None:
        return None
    return Asked(wanted, creditor_of(work), debtor_of(work, shown.debtor_id))


def _found(
    desk: Desk, shown: Shown, document_id: UUID, wanted: Wanted, shelf: Shelf
) -> bytes | Why:
    """The document, once it is recorded that it is given out; else why it is not."""
    if shelf.kept is None:
        return "not_here"
    if wanted.copy_of is None:
        if (seek := shelf.seek) is None:
            return "gone"
        desk.runtime.work(shown.tenant_id, PORTAL, lambda work: seek(work, document_id))
        return "sought"
    sha = wanted.copy_of.sha256
    # Nothing is held open in the database while another service is asked.
    try:
        content = shelf.kept.fetch(shown.tenant_id, sha)
    except NoAnswer:
        return "unreached"
    if content is None:
        return "gone"
    download_ = NoteDownload(sha, shown.notice_id)
    desk.runtime.work(
        shown.tenant_id, PORTAL, lambda work: shelf.note(work, document_id, download_)
    )
    return content


def _file(content: bytes, wanted: Wanted) -> Response:
    told = wanted.copy_of.media_type if wanted.copy_of else ""
    media_type = told if told in _FILES else "application/octet-stream"
    answer = download(content, media_type, f"{wanted.name}.{_FILES.get(told, 'bin')}")
    answer.headers.update(HEADERS)
    return answer


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
