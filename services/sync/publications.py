"""Own events in the public language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.sync import events as e
from services.sync.model.connection import Connection
from services.sync.model.document import Document
from services.sync.model.item import Item
from services.sync.model.posting import Posting
from services.sync.values import Entry
from shared.after import After
from shared.contracts import sync as told
from shared.contracts.base import Contract
from shared.eventstore.events import Recorded
from shared.money import Money
from shared.stream.outbox import Outgoing, Telling

publications: After[Telling] = After()


def _of_party(entry: Entry, contract: Contract) -> Outgoing:
    """What happens to one supplier's account stays in order."""
    return Outgoing(contract, key=entry.party_id)


@publications.after(e.LedgerConnected)
def after_ledger_connected(
    recorded: Recorded[e.LedgerConnected], connection: Connection
) -> Iterable[Telling]:
    assert connection.consent is not None, "nobody connects without consent"
    yield told.LedgerConnected(
        connection_id=recorded.aggregate_id,
        system=connection.consent.system,
        agreement=connection.consent.agreement,
        base_currency=recorded.event.base_currency,
    )


@publications.after(e.ConsentLost)
def after_consent_lost(recorded: Recorded[e.ConsentLost], _: Connection) -> Iterable[Telling]:
    yield told.LedgerNeedsConsent(connection_id=recorded.aggregate_id)


@publications.after(e.AccessDenied)
def after_access_denied(recorded: Recorded[e.AccessDenied], _: Connection) -> Iterable[Telling]:
    yield told.LedgerAccessDenied(connection_id=recorded.aggregate_id, reason=recorded.event.reason)


@publications.after(e.WrongAgreementMet)
def after_wrong_agreement_met(
    recorded: Recorded[e.WrongAgreementMet], _: Connection
) -> Iterable[Telling]:
    yield told.LedgerAccessDenied(
        connection_id=recorded.aggregate_id, reason="the grant is that of another company"
    )


@publications.after(e.RunCompleted)
def after_run_completed(recorded: Recorded[e.RunCompleted], _: Connection) -> Iterable[Telling]:
    run = recorded.event
    yield told.SyncCompleted(
        connection_id=recorded.aggregate_id,
        run_id=run.run_id,
        started_at=run.started_at,
        counts=run.counts,
    )


@publications.after(e.RunFailed)
def after_run_failed(recorded: Recorded[e.RunFailed], _: Connection) -> Iterable[Telling]:
    failed = recorded.event
    yield told.SyncFailed(
        connection_id=recorded.aggregate_id, run_id=failed.run_id, reason=failed.code
    )


@publications.after(e.DriftDetected)
def after_drift_detected(recorded: Recorded[e.DriftDetected], _: Connection) -> Iterable[Telling]:
    drift = recorded.event
    yield told.LedgerDriftDetected(
        connection_id=recorded.aggregate_id,
        side="payable",
        ledger_total=drift.ledger_total,
        mirror_total=drift.mirror_total,
    )


@publications.after(e.DriftCleared)
def after_drift_cleared(recorded: Recorded[e.DriftCleared], _: Connection) -> Iterable[Telling]:
    yield told.LedgerDriftCleared(connection_id=recorded.aggregate_id, side="payable")


@publications.after(e.PartyChanged)
def after_party_changed(recorded: Recorded[e.PartyChanged], _: object) -> Iterable[Telling]:
    party = recorded.event
    yield told.PartyChanged(
        party_id=recorded.aggregate_id,
        side="payable",
        number=str(party.number),
        name=party.name,
        blocked=party.blocked,
    )


def _invoice(recorded: Recorded[Any], item: Item) -> dict[str, Any]:
    entry = item.entry
    assert entry is not None, "an item that is told has been seen"
    return {
        "invoice_id": recorded.aggregate_id,
        "side": "payable",
        "party_id": entry.party_id,
        "party_name": entry.party_name,
        "party_number": entry.party_number,
        "number": entry.invoice_number,
        "voucher": entry.voucher_shown,
        "issued_on": entry.issued_on,
        "due_on": entry.due_on,
        "gross": entry.gross,
        "remaining": item.remaining,
        "account": entry.account,
        "faults": entry.faults,
        "copy_of": item.copy_of,
        "exported_to_bank": entry.exported_to_bank,
        "historical": entry.historical,
    }


@publications.after(e.InvoiceSeen)
def after_invoice_seen(recorded: Recorded[e.InvoiceSeen], item: Item) -> Iterable[Telling]:
    entry = recorded.event.entry
    yield _of_party(entry, told.InvoiceBooked(**_invoice(recorded, item)))


@publications.after(e.EntryAltered)
def after_entry_altered(recorded: Recorded[e.EntryAltered], item: Item) -> Iterable[Telling]:
    """Credit notes and payments are told once: only what remains of them changes."""
    entry = recorded.event.entry
    if entry.kind == "invoice":
        yield _of_party(entry, told.InvoiceChanged(**_invoice(recorded, item)))


@publications.after(e.CreditNoteSeen)
def after_credit_note_seen(recorded: Recorded[e.CreditNoteSeen], _: Item) -> Iterable[Telling]:
    entry = recorded.event.entry
    contract = told.CreditNoteBooked(
        credit_note_id=recorded.aggregate_id,
        side="payable",
        party_id=entry.party_id,
        number=entry.invoice_number,
        voucher=entry.voucher_shown,
        issued_on=entry.issued_on,
        gross=-entry.gross,
        remaining=-recorded.event.remaining,
    )
    yield _of_party(entry, contract)


@publications.after(e.PaymentSeen)
def after_payment_seen(recorded: Recorded[e.PaymentSeen], _: Item) -> Iterable[Telling]:
    entry = recorded.event.entry
    contract = told.LedgerPaymentBooked(
        entry_id=recorded.aggregate_id,
        side="payable",
        party_id=entry.party_id,
        voucher=entry.voucher_shown,
        booked_on=entry.issued_on,
        amount=-entry.gross,
        token=entry.token,
    )
    yield _of_party(entry, contract)


def _remaining(item: Item, remaining: Money) -> tuple[Entry, Money] | None:
    """What remains of an invoice or credit note, positive for either; of others nothing is told."""
    entry = item.entry
    assert entry is not None, "an item that is matched has been seen"
    if entry.kind == "invoice":
        return entry, remaining
    return (entry, -remaining) if entry.kind == "credit_note" else None


@publications.after(e.ItemMatched)
def after_item_matched(recorded: Recorded[e.ItemMatched], item: Item) -> Iterable[Telling]:
    if (known := _remaining(item, recorded.event.remaining)) is None:
        return
    entry, remaining = known
    contract = told.ItemsMatched(
        item_id=recorded.aggregate_id,
        side="payable",
        party_id=entry.party_id,
        remaining=remaining,
        matched_on=recorded.event.matched_on,
    )
    yield _of_party(entry, contract)


@publications.after(e.ItemUnmatched)
def after_item_unmatched(recorded: Recorded[e.ItemUnmatched], item: Item) -> Iterable[Telling]:
    if (known := _remaining(item, recorded.event.remaining)) is None:
        return
    entry, remaining = known
    contract = told.ItemsUnmatched(
        item_id=recorded.aggregate_id,
        side="payable",
        party_id=entry.party_id,
        remaining=remaining,
    )
    yield _of_party(entry, contract)


@publications.after(e.ItemWithdrawn)
def after_item_withdrawn(recorded: Recorded[e.ItemWithdrawn], item: Item) -> Iterable[Telling]:
    assert item.entry is not None, "an item that is withdrawn has been seen"
    if item.entry.kind == "invoice":
        contract = told.InvoiceWithdrawn(invoice_id=recorded.aggregate_id, side="payable")
        yield _of_party(item.entry, contract)


@publications.after(e.CopyKept)
def after_copy_kept(recorded: Recorded[e.CopyKept], item: Item) -> Iterable[Telling]:
    assert item.entry is not None, "a copy is that of a seen item"
    contract = told.InvoiceCopyStored(
        invoice_id=recorded.aggregate_id, copy_of=recorded.event.copy_of
    )
    yield _of_party(item.entry, contract)


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
    )


@publications.after(e.PostingRefused)
def after_posting_refused(recorded: Recorded[e.PostingRefused], _: Posting) -> Iterable[Telling]:
    refused = recorded.event
    yield told.VoucherRefused(
        posting_id=recorded.aggregate_id,
        token=refused.token,
        code=refused.code,
        reason=refused.reason[:500],
    )
