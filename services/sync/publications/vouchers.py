"""Documents on their way into a ledger, and vouchers of ours."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.sync import events as e
from services.sync.model.document import Document
from services.sync.model.naming import connection_id_of, item_id_of
from services.sync.model.posting import Posting
from services.sync.publications.registry import publications
from shared.contracts import sync as told
from shared.eventstore.events import Recorded
from shared.stream.outbox import Telling


@publications.after(e.DocumentReceived)
def after_document_received(
    recorded: Recorded[e.DocumentReceived], _: Document
) -> Iterable[Telling]:
    yield told.EInvoiceReceived(document_id=recorded.aggregate_id, copy_of=recorded.event.copy_of)


@publications.after(e.DocumentRead)
def after_document_read(recorded: Recorded[e.DocumentRead], _: Document) -> Iterable[Telling]:
    reading = recorded.event.reading
    yield told.EInvoiceRead(
        document_id=recorded.aggregate_id,
        kind=reading.kind,
        number=reading.number,
        payable=reading.payable,
        due_on=reading.due_on,
        faults=reading.faults,
    )


@publications.after(e.DocumentBooked)
def after_document_booked(recorded: Recorded[e.DocumentBooked], _: Document) -> Iterable[Telling]:
    yield told.EInvoiceBooked(document_id=recorded.aggregate_id, voucher=recorded.event.voucher)


@publications.after(e.VoucherPosted)
def after_voucher_posted(recorded: Recorded[e.VoucherPosted], _: Posting) -> Iterable[Telling]:
    posted = recorded.event
    yield told.VoucherPosted(
        posting_id=recorded.aggregate_id,
        token=posted.token,
        voucher=posted.voucher,
        posted_on=posted.posted_on,
        moved_because=posted.moved_because,
        entries=tuple(_entries(recorded)),
    )


def _entries(recorded: Recorded[e.VoucherPosted]) -> Iterable[UUID]:
    """What stands on the customer's account of each line of charges, in the lines' order."""
    connection_id = connection_id_of(recorded.tenant_id)
    for _, number in sorted(recorded.event.entries):
        yield item_id_of(connection_id, number)


@publications.after(e.PostingRefused)
def after_posting_refused(recorded: Recorded[e.PostingRefused], _: Posting) -> Iterable[Telling]:
    refused = recorded.event
    yield told.VoucherRefused(
        posting_id=recorded.aggregate_id,
        token=refused.token,
        code=refused.code,
        reason=refused.reason[:500],
    )
