"""The inbox of e-invoices: what arrived, what was read, what is booked with one click."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, UploadFile
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from services.sync import queries
from services.sync.acts.intake import receive
from services.sync.desk import Books, Desk, Sees
from services.sync.model.einvoice import NotAnInvoice
from services.sync.model.safe_xml import UnsafeXml
from services.sync.pages import words
from services.sync.values import Reading
from shared.money import Money
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Column
from shared.ui.states import State
from shared.web.frame import ADMINISTRATOR, BOOKKEEPER, frame
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope

_SEE_OTHER = HTTPStatus.SEE_OTHER


@dataclass(frozen=True, slots=True)
class Line:
    """One document of the list. `bookable` at once, without opening it."""

    document_id: UUID
    sender: str
    number: str
    href: str
    payable: Money | None
    received_at: datetime
    due_on: date | None
    state: State
    reasons: tuple[str, ...]
    bookable: bool


def inbox_of(desk: Desk) -> APIRouter:
    pages = page_router("/sync/{tenant_id}/einvoices")

    @pages.get("", response_class=HTMLResponse)
    def inbox(
        request: Request,
        scope: Sees,
        refused: Annotated[str, Query(max_length=60)] = "",
        booked: Annotated[str, Query(max_length=60)] = "",
    ) -> str:
        reader = reader_of(request)
        gettext = translator(reader.language).gettext
        with desk.reading(scope.tenant_id) as sql:
            rows = queries.documents(sql, scope.tenant_id)
        return draw(
            request.app.state.pages,
            "sync/inbox.html",
            reader,
            page=frame(request, scope.identity, gettext("E-invoices"), tenant_id=scope.tenant_id),
            lines=[_line(row, desk, scope, gettext) for row in rows],
            columns=[
                Column(gettext("Sender")),
                Column(gettext("Amount"), "num"),
                Column(gettext("Due")),
                Column(gettext("Received")),
                Column(gettext("State and reason"), "c-state"),
                Column(gettext("Action"), "tick"),
            ],
            home=f"/sync/{scope.tenant_id}/einvoices",
            refused=words.unreadable(refused, gettext) if refused else "",
            booked=booked,
            may_book=bool(scope.roles & {BOOKKEEPER, ADMINISTRATOR}),
        )

    @pages.post("")
    def upload(scope: Books, file: UploadFile) -> Response:
        """Take a file in; what cannot be read is named, and not kept."""
        home = f"/sync/{scope.tenant_id}/einvoices"
        content = file.file.read()
        try:
            document_id = desk.work(scope, lambda work: receive(work, desk.vault, content))
        except (UnsafeXml, NotAnInvoice) as error:
            return RedirectResponse(f"{home}?refused={error.code}", _SEE_OTHER)
        return RedirectResponse(f"{home}/{document_id}", _SEE_OTHER)

    return pages


def _line(row: sa.Row[Any], desk: Desk, scope: TenantScope, gettext: words.Say) -> Line:
    reading = msgspec.convert(row.reading, Reading)
    state = words.document_state(row.state, reading, row.supplier_number)
    return Line(
        document_id=row.document_id,
        sender=desk.vault.open(scope.tenant_id, reading.sender),
        number=reading.number,
        href=f"/sync/{scope.tenant_id}/einvoices/{row.document_id}",
        payable=reading.payable,
        received_at=row.received_at,
        due_on=reading.due_on,
        state=state,
        reasons=reasons(row, reading, gettext),
        bookable=state.word == "To book",
    )


def reasons(
    row: sa.Row[Any], reading: Reading, gettext: words.Say, *, found: bool = True
) -> tuple[str, ...]:
    """What a person should know before it is booked; `found`: the fields in doubt, too."""
    if row.state == "booked":
        return (gettext("Voucher %(voucher)s") % {"voucher": row.voucher},)
    said = []
    if row.supplier_number is None:
        said.append(words.refusal("supplier_unknown", gettext))
    labels = words.labels(gettext)
    fields = dict.fromkeys(
        labels.get(fault.field, fault.field)
        for fault in reading.faults
        if fault.code != "credit_note"
    )
    if reading.kind == "credit_note" and found:
        said.append(gettext("A credit note: nothing is to be paid."))
    if fields and found:
        said.append(gettext("Look at: %(fields)s") % {"fields": ", ".join(fields)})
    if row.reason:
        said.append(
            gettext("The ledger refused it.")
            + " "
            + words.ledger_said(row.code, row.reason, gettext)
        )
    return tuple(said)
