"""What own events set going: the next step of a run, a document to fetch, a voucher to post."""

from __future__ import annotations

from collections.abc import Iterable

from services.sync import events as e
from services.sync.intents import (
    BOOK,
    COPY,
    POST,
    READ,
    RUN,
    BookDocument,
    FetchCopy,
    PostVoucher,
    ReadStep,
)
from services.sync.model.connection import Connection
from services.sync.model.document import Document
from services.sync.model.hours import next_run
from services.sync.model.item import Item
from services.sync.model.posting import Posting
from shared.after import After
from shared.effects.intents import Due, Intent, Reaction
from shared.eventstore.events import Recorded

reactions: After[Reaction] = After()


def _next_step(connection: Connection) -> Iterable[Reaction]:
    run = connection.run
    if run is None:
        return
    cursors = {
        "suppliers": run.supplier_cursor,
        "customers": run.customer_cursor,
        "entries": connection.cursor,
        "open_set": None,
    }
    since = connection.cards_since if run.step == "customers" else None
    body = ReadStep(run.run_id, run.step, cursors[run.step], since)
    yield Intent(READ, key=f"{run.run_id}:{run.number}", body=body)


@reactions.after(e.ConsentGiven)
def after_consent_given(
    recorded: Recorded[e.ConsentGiven], connection: Connection
) -> Iterable[Reaction]:
    due_at = next_run(recorded.meta.recorded_at, connection.time_zone, recorded.tenant_id)
    yield Due(RUN, key=str(recorded.aggregate_id), due_at=due_at)


@reactions.after(e.RunStarted)
def after_run_started(_: Recorded[e.RunStarted], connection: Connection) -> Iterable[Reaction]:
    yield from _next_step(connection)


@reactions.after(e.SuppliersRead)
def after_suppliers_read(
    _: Recorded[e.SuppliersRead], connection: Connection
) -> Iterable[Reaction]:
    yield from _next_step(connection)


@reactions.after(e.CustomersRead)
def after_customers_read(
    _: Recorded[e.CustomersRead], connection: Connection
) -> Iterable[Reaction]:
    yield from _next_step(connection)


@reactions.after(e.PageRead)
def after_page_read(_: Recorded[e.PageRead], connection: Connection) -> Iterable[Reaction]:
    yield from _next_step(connection)


@reactions.after(e.SweepRead)
def after_sweep_read(recorded: Recorded[e.SweepRead], connection: Connection) -> Iterable[Reaction]:
    if not recorded.event.complete:
        yield from _next_step(connection)


@reactions.after(e.InvoiceSeen)
def after_invoice_seen(recorded: Recorded[e.InvoiceSeen], item: Item) -> Iterable[Reaction]:
    """The document of what we are to pay; what is history, or a customer's to pay, is not fetched."""
    entry = recorded.event.entry
    if entry.side == "payable" and recorded.event.remaining and item.copy_of is None:
        body = FetchCopy(entry.year, entry.voucher)
        yield Intent(COPY, key=str(recorded.aggregate_id), body=body)


@reactions.after(e.PostingSought)
def after_posting_sought(
    recorded: Recorded[e.PostingSought], _posting: Posting
) -> Iterable[Reaction]:
    sought = recorded.event
    body = PostVoucher(
        sought.token, sought.attempt, sought.voucher_on, sought.lines, sought.after_entry
    )
    yield Intent(POST, key=f"{sought.token}:{sought.attempt}", body=body)


@reactions.after(e.BookingAsked)
def after_booking_asked(
    recorded: Recorded[e.BookingAsked], document: Document
) -> Iterable[Reaction]:
    asked, reading = recorded.event, document.reading
    assert reading is not None, "only what was read is booked"
    assert reading.payable is not None, "a document without an amount is not booked"
    assert reading.issued_on is not None, "a document without a date is not booked"
    owed = reading.payable if reading.kind == "invoice" else -reading.payable
    body = BookDocument(
        token=asked.token,
        attempt=asked.attempt,
        voucher_on=reading.issued_on,
        supplier_number=asked.supplier_number,
        invoice_number=reading.number,
        amount=owed,
        due_on=reading.due_on,
        contra_account=asked.contra_account,
        vat_code=asked.vat_code,
        account=reading.account,
        after_entry=asked.after_entry,
    )
    yield Intent(BOOK, key=f"{asked.token}:{asked.attempt}", body=body)
