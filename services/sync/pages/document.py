"""One e-invoice: what was read beside how it looks, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from services.sync import queries
from services.sync.acts import booking
from services.sync.desk import Books, Desk, Sees
from services.sync.gateways import copies
from services.sync.model.einvoice import EInvoice, Finding, Kind
from services.sync.model.ubl import read
from services.sync.pages import findings, words
from services.sync.pages.drawn import sheet
from services.sync.pages.inbox import reasons
from services.sync.values import Reading
from shared.contracts.values import Copy
from shared.decider import Rejected
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Choice, Field
from shared.ui.reader import Reader
from shared.web.frame import ADMINISTRATOR, BOOKKEEPER, frame
from shared.web.problem import not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope

_SEE_OTHER = HTTPStatus.SEE_OTHER


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A field as read; `doubted` when a person should look, `doubts` says why."""

    label: str
    value: str
    doubted: bool
    doubts: list[str]


def document_of(desk: Desk) -> APIRouter:
    pages = page_router("/sync/{tenant_id}/einvoices/{document_id}")

    @pages.get("", response_class=HTMLResponse)
    def document(
        request: Request,
        scope: Sees,
        document_id: UUID,
        refused: Annotated[str, Query(max_length=60)] = "",
    ) -> str:
        reader = reader_of(request)
        gettext = translator(reader.language).gettext
        row, content, suppliers = _found(desk, scope, document_id)
        reading = msgspec.convert(row.reading, Reading)
        einvoice = read(content)
        kept = msgspec.convert(row.copy, Copy)
        title = desk.vault.open(scope.tenant_id, reading.sender)
        return draw(
            request.app.state.pages,
            "sync/document.html",
            reader,
            page=frame(request, scope.identity, title, tenant_id=scope.tenant_id),
            row=row,
            reading=reading,
            state=words.document_state(row.state, reading, row.supplier_number),
            reasons=reasons(row, reading, gettext, found=False),
            said=[findings.told(one, reader) for one in einvoice.findings if one.blocks]
            if row.state == "read"
            else [],
            is_credit=einvoice.kind is Kind.CREDIT_NOTE,
            values=_values(einvoice, reader),
            beside=[findings.told(one, reader) for one in _beside_fields(einvoice)],
            sheet=sheet(einvoice, reader),
            home=f"/sync/{scope.tenant_id}/einvoices",
            here=f"/sync/{scope.tenant_id}/einvoices/{document_id}",
            payables=f"/payments/{scope.tenant_id}/payables?{urlencode({'q': reading.number})}",
            original=f"/sync/{scope.tenant_id}/copies/{kept.sha256}/original",
            refused=words.refusal(refused, gettext) if refused else "",
            supplier=Field(
                "supplier_number",
                gettext("Supplier in the ledger"),
                "select",
                str(row.supplier_number or ""),
                choices=[Choice("", gettext("Choose")), *suppliers],
            ),
            may_book=bool(scope.roles & {BOOKKEEPER, ADMINISTRATOR}),
        )

    @pages.post("/book")
    def book(
        scope: Books,
        document_id: UUID,
        confirmed: Annotated[bool, Form()] = False,
        account: Annotated[int | None, Form(ge=1, le=999_999_999)] = None,
    ) -> Response:
        """Into the books. Pressing twice is booking once."""
        return _answered(
            desk,
            scope,
            document_id,
            lambda work: booking.book(work, document_id, account=account, confirmed=confirmed),
        )

    @pages.post("/supplier")
    def supplier(
        scope: Books, document_id: UUID, supplier_number: Annotated[int, Form()]
    ) -> Response:
        return _answered(
            desk,
            scope,
            document_id,
            lambda work: booking.choose_supplier(work, document_id, supplier_number),
        )

    return pages


def _answered(desk: Desk, scope: TenantScope, document_id: UUID, command: Any) -> Response:
    here = f"/sync/{scope.tenant_id}/einvoices/{document_id}"
    try:
        desk.work(scope, command)
    except Rejected as error:
        return RedirectResponse(f"{here}?refused={error.code}", _SEE_OTHER)
    return RedirectResponse(here, _SEE_OTHER)


def _found(
    desk: Desk, scope: TenantScope, document_id: UUID
) -> tuple[sa.Row[Any], bytes, list[Choice]]:
    with desk.transaction(scope.tenant_id) as transaction:
        row = queries.document(transaction.sql, scope.tenant_id, document_id)
        if row is None:
            raise not_found()
        kept = copies.fetch(transaction.raw, row.copy["sha256"])
        names = queries.party_names(transaction.sql, scope.tenant_id)
    assert kept is not None, "a document is kept in the transaction that records it"
    choices = [
        Choice(str(number), f"{desk.vault.open(scope.tenant_id, name)} ({number})")
        for number, name in names.items()
    ]
    return row, kept[0], choices


def _values(einvoice: EInvoice, reader: Reader) -> list[ReadValue]:
    labels = words.labels(translator(reader.language).gettext)
    return [
        ReadValue(
            labels.get(field.name, field.name),
            findings.value(field, einvoice.currency, reader),
            field.confidence < 1,
            [
                findings.sentence(one, reader)
                for one in einvoice.findings
                if one.field == field.name
            ],
        )
        for field in einvoice.fields
    ]


def _beside_fields(einvoice: EInvoice) -> list[Finding]:
    """What is found of no field that was read, and keeps nothing from being booked."""
    read_fields = {field.name for field in einvoice.fields}
    return [one for one in einvoice.findings if one.field not in read_fields and not one.blocks]
