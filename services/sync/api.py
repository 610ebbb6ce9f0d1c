"""The JSON interface: documents in, e-invoices booked, the connection read, copies given out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from services.sync import queries
from services.sync.acts import booking, consenting, copying, posting
from services.sync.acts.consenting import Consent
from services.sync.acts.intake import receive
from services.sync.acts.running import sync_now
from services.sync.desk import Books, Desk, Sees, Watches
from services.sync.gateways import copies
from services.sync.model.einvoice import NotAnInvoice
from services.sync.model.safe_xml import UnsafeXml
from services.sync.values import Reading, Side
from shared.web.problem import INVALID, FieldError, Problem, not_found
from shared.web.routers import api_router
from shared.web.scope import SignedIn, TenantScope

Sha = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
DOCUMENT_LIMIT = 20 * 1024 * 1024


class Received(BaseModel):
    document_id: UUID


class Document(BaseModel):
    """An e-invoice. Who sent it stands on its page, not in the list."""

    document_id: UUID
    received_at: datetime
    state: str
    kind: str
    number: str
    payable_minor: int | None
    currency: str | None
    due_on: date | None
    confidence: str
    supplier_number: int | None
    faults: list[str]
    voucher: str | None


class Booking(BaseModel):
    confirmed: bool = False
    account: int | None = Field(default=None, ge=1, le=999_999_999)


class SupplierChoice(BaseModel):
    supplier_number: int = Field(ge=1)


class Run(BaseModel):
    run_id: UUID
    asked_by: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    reason: str | None
    pages: int
    entries: int
    told: int


class Posting(BaseModel):
    posting_id: UUID
    payment_id: UUID | None
    invoice_id: UUID | None
    token: str
    state: str
    sought_at: datetime
    voucher_on: date | None
    voucher: str | None
    posted_on: date | None
    reason: str | None


class Total(BaseModel):
    """A side's control account in the ledger, and what its open items add up to here."""

    side: Side
    ledger_minor: int
    mirror_minor: int
    drifts: bool
    read_at: datetime


class ConnectionState(BaseModel):
    standing: str
    system: str | None
    agreement: str | None
    institute: str | None
    licence: str | None
    drift_minor: int | None
    base_currency: str | None
    totals: list[Total]
    runs: list[Run]


def copies_api(desk: Desk) -> APIRouter:
    api = api_router("sync")

    @api.get("/copies/{sha}")
    def copy(identity: SignedIn, sha: Sha) -> Response:
        """A kept document, to whoever may see one of the clients that have it."""
        with desk.transaction(*identity.tenants_with()) as transaction:
            found = copies.fetch(transaction.raw, sha)
        if found is None:
            raise not_found()
        content, media_type = found
        return Response(content, media_type=media_type)

    return api


def invoices_api(desk: Desk) -> APIRouter:
    api = api_router("sync", "/tenants/{tenant_id}/invoices")

    @api.post("/{invoice_id}/copy", status_code=202)
    def want_copy(scope: Sees, invoice_id: UUID) -> None:
        """Have the document of a customer's invoice fetched before it is overdue."""
        desk.work(scope, lambda work: copying.want(work, invoice_id))

    return api


def documents_api(desk: Desk) -> APIRouter:
    api = api_router("sync", "/tenants/{tenant_id}/einvoices")

    @api.post("", status_code=201)
    async def take_in(request: Request, scope: Books) -> Received:
        """The raw XML of a Peppol or OIOUBL document; the same one again is the same document."""
        content = await request.body()
        return Received(document_id=await run_in_threadpool(_taken_in, desk, scope, content))

    @api.get("")
    def documents(scope: Sees) -> list[Document]:
        with desk.reading(scope.tenant_id) as sql:
            rows = queries.documents(sql, scope.tenant_id)
        return [_document(row) for row in rows]

    @api.post("/{document_id}/booking", status_code=202)
    def book(scope: Books, document_id: UUID, wanted: Booking) -> None:
        """Into the books, once: asked again, nothing more happens."""
        desk.work(
            scope,
            lambda work: booking.book(
                work, document_id, account=wanted.account, confirmed=wanted.confirmed
            ),
        )

    @api.put("/{document_id}/supplier", status_code=204)
    def supplier(scope: Books, document_id: UUID, chosen: SupplierChoice) -> None:
        number = chosen.supplier_number
        desk.work(scope, lambda work: booking.choose_supplier(work, document_id, number))

    return api


def connection_api(desk: Desk) -> APIRouter:
    api = api_router("sync", "/tenants/{tenant_id}/connection")

    @api.get("")
    def connection(scope: Watches) -> ConnectionState:
        with desk.reading(scope.tenant_id) as sql:
            row = queries.connection(sql, scope.tenant_id)
            runs = queries.runs(sql, scope.tenant_id)
        if row is None:
            raise not_found()
        consent = row.consent
        return ConnectionState(
            standing=row.standing,
            system=consent.system if consent else None,
            agreement=consent.agreement if consent else None,
            institute=consent.institute if consent else None,
            licence=consent.licence if consent else None,
            drift_minor=sum(one.difference.minor for one in row.drifts) if row.drifts else None,
            totals=[
                Total(
                    side=one.side,
                    ledger_minor=one.ledger.minor,
                    mirror_minor=one.mirror.minor,
                    drifts=one.drifts,
                    read_at=one.read_at,
                )
                for one in row.totals
            ],
            base_currency=row.base_currency,
            runs=[Run.model_validate(run, from_attributes=True) for run in runs],
        )

    @api.put("", status_code=202)
    def consent(scope: Books, given: Consent) -> None:
        """The client lets us in: the grant is sealed at once, and tried by a first run."""
        person = scope.identity.user_id
        desk.work(scope, lambda work: consenting.give(work, desk.vault, given, person))

    @api.post("/runs", status_code=202)
    def run(scope: Books) -> None:
        desk.work(scope, sync_now)

    return api


def postings_api(desk: Desk) -> APIRouter:
    api = api_router("sync", "/tenants/{tenant_id}/postings")

    @api.get("")
    def postings(scope: Watches) -> list[Posting]:
        """Vouchers that were asked for, and what became of each."""
        with desk.reading(scope.tenant_id) as sql:
            rows = queries.postings(sql, scope.tenant_id)
        return [Posting.model_validate(row, from_attributes=True) for row in rows]

    @api.post("/{posting_id}/retry", status_code=202)
    def retry(scope: Books, posting_id: UUID) -> None:
        """Try what the ledger has refused again, once the cause is mended; under the same token."""
        desk.work(scope, lambda work: posting.try_again(work, posting_id))

    return api


def _taken_in(desk: Desk, scope: TenantScope, content: bytes) -> UUID:
    try:
        document_id: UUID = desk.work(scope, lambda work: receive(work, desk.vault, content))
    except (UnsafeXml, NotAnInvoice) as error:
        detail = "The document was not taken in, and nothing of it is kept."
        fault = FieldError(field="body", rule=error.code, detail=error.text)
        raise Problem(INVALID, detail, error.code, [fault]) from error
    return document_id


def _document(row: sa.Row[Any]) -> Document:
    reading = msgspec.convert(row.reading, Reading)
    return Document(
        document_id=row.document_id,
        received_at=row.received_at,
        state=row.state,
        kind=reading.kind,
        number=reading.number,
        payable_minor=reading.payable.minor if reading.payable else None,
        currency=reading.payable.currency if reading.payable else None,
        due_on=reading.due_on,
        confidence=reading.confidence,
        supplier_number=row.supplier_number,
        faults=[fault.code for fault in reading.faults],
        voucher=row.voucher,
    )
