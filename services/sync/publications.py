"""Own events in the public language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.sync import events as e
from services.sync.model.connection import Connection
from services.sync.model.document import Document
from services.sync.model.item import Item
from services.sync.model.naming import connection_id_of, item_id_of
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
    """What happens to one party's account stays in order."""
    return Outgoing(contract, key=entry.party_id)


def _first_told(entry: Entry, contract: Contract) -> Outgoing:
    """A customer's history is true of the day that it happened on, which is long past."""
    past = entry.issued_on if entry.side == "receivable" and entry.historical else None
    return Outgoing(contract, key=entry.party_id, effective_on=past)


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
    for total in run.totals:
        yield told.ControlTotalRead(
            connection_id=recorded.aggregate_id,
            side=total.side,
            ledger_total=total.ledger,
            mirror_total=total.mirror,
            read_at=recorded.meta.recorded_at,
        )
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
        side=drift.side,
        ledger_total=drift.ledger_total,
        mirror_total=drift.mirror_total,
    )


@publications.after(e.DriftCleared)
def after_drift_cleared(recorded: Recorded[e.DriftCleared], _: Connection) -> Iterable[Telling]:
    yield told.LedgerDriftCleared(connection_id=recorded.aggregate_id, side=recorded.event.side)


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


@publications.after(e.CustomerChanged)
def after_customer_changed(recorded: Recorded[e.CustomerChanged], _: object) -> Iterable[Telling]:
    card = recorded.event
    yield told.PartyChanged(
        party_id=recorded.aggregate_id,
        side="receivable",
        number=str(card.number),
        name=card.name,
        blocked=card.blocked,
        kind=card.kind,
        country=card.country,
        language=card.language,
        currency=card.currency,
        email=card.email,
        mobile=card.mobile,
        address=card.address,
        id_number=card.id_number,
        faults=card.faults,
    )


@publications.after(e.OpenItemsChecked)
def after_open_items_checked(
    recorded: Recorded[e.OpenItemsChecked], _: object
) -> Iterable[Telling]:
    checked = recorded.event
    yield told.OpenItemsChecked(
        check_id=checked.check_id,
        party_id=recorded.aggregate_id,
        checked_at=checked.checked_at,
        complete=checked.complete,
    )


def _invoice(recorded: Recorded[Any], item: Item) -> dict[str, Any]:
    entry = item.entry
    assert entry is not None, "an item that is told has been seen"
    return {
        "invoice_id": recorded.aggregate_id,
        "side": entry.side,
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
        "due_basis": entry.due_basis,
        "gross_in_base": entry.gross_in_base,
        "references": entry.references,
    }


@publications.after(e.InvoiceSeen)
def after_invoice_seen(recorded: Recorded[e.InvoiceSeen], item: Item) -> Iterable[Telling]:
    entry = recorded.event.entry
    yield _first_told(entry, told.InvoiceBooked(**_invoice(recorded, item)))


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
        side=entry.side,
        party_id=entry.party_id,
        number=entry.invoice_number,
        voucher=entry.voucher_shown,
        issued_on=entry.issued_on,
        gross=-entry.gross,
        remaining=-recorded.event.remaining,
        gross_in_base=None if entry.gross_in_base is None else -entry.gross_in_base,
        corrects=entry.corrects,
        historical=entry.historical and entry.side == "receivable",
    )
    yield _first_told(entry, contract)


@publications.after(e.PaymentSeen)
def after_payment_seen(recorded: Recorded[e.PaymentSeen], _: Item) -> Iterable[Telling]:
    entry = recorded.event.entry
    contract = told.LedgerPaymentBooked(
        entry_id=recorded.aggregate_id,
        side=entry.side,
        party_id=entry.party_id,
        voucher=entry.voucher_shown,
        booked_on=entry.issued_on,
        amount=-entry.gross,
        token=entry.token,
        **_of_customer(entry, recorded.event.remaining),
    )
    yield _first_told(entry, contract)


def _of_customer(entry: Entry, remaining: Money) -> dict[str, Any]:
    """What is told of a customer's payment and not of one of ours."""
    if entry.side == "payable":
        return {}
    return {
        "value_on": entry.issued_on,
        "entered_on": entry.entered_on,
        "remaining": -remaining,
        "historical": entry.historical,
    }


@publications.after(e.ChargeSeen)
def after_charge_seen(recorded: Recorded[e.ChargeSeen], _: Item) -> Iterable[Telling]:
    entry = recorded.event.entry
    assert entry.token is not None, "a charge is known by its line's token"
    contract = told.ChargeEntryBooked(
        entry_id=recorded.aggregate_id,
        party_id=entry.party_id,
        line_token=entry.token,
        booked_on=entry.issued_on,
        amount=entry.gross,
        remaining=recorded.event.remaining,
    )
    yield _of_party(entry, contract)


@publications.after(e.OtherEntrySeen)
def after_other_entry_seen(recorded: Recorded[e.OtherEntrySeen], _: Item) -> Iterable[Telling]:
    entry = recorded.event.entry
    if entry.side == "payable":
        return
    contract = told.LedgerAdjustmentBooked(
        entry_id=recorded.aggregate_id,
        side=entry.side,
        party_id=entry.party_id,
        voucher=entry.voucher_shown,
        booked_on=entry.issued_on,
        amount=-entry.gross,
        remaining=-recorded.event.remaining,
    )
    yield _first_told(entry, contract)


def _remaining(item: Item, remaining: Money) -> tuple[Entry, Money] | None:
    """What remains, in the sign that the item was told with: positive for an invoice, and for what
    reduces one. Of suppliers nothing is told but of invoices and credit notes.
    """
    entry = item.entry
    assert entry is not None, "an item that is matched has been seen"
    if entry.kind in {"invoice", "charge"}:
        return entry, remaining
    told_of = entry.kind == "credit_note" or entry.side == "receivable"
    return (entry, -remaining) if told_of else None


@publications.after(e.ItemMatched)
def after_item_matched(recorded: Recorded[e.ItemMatched], item: Item) -> Iterable[Telling]:
    if (known := _remaining(item, recorded.event.remaining)) is None:
        return
    entry, remaining = known
    contract = told.ItemsMatched(
        item_id=recorded.aggregate_id,
        side=entry.side,
        party_id=entry.party_id,
        remaining=remaining,
        matched_on=recorded.event.matched_on,
        allocations=recorded.event.allocations,
    )
    yield _of_party(entry, contract)


@publications.after(e.ItemUnmatched)
def after_item_unmatched(recorded: Recorded[e.ItemUnmatched], item: Item) -> Iterable[Telling]:
    if (known := _remaining(item, recorded.event.remaining)) is None:
        return
    entry, remaining = known
    contract = told.ItemsUnmatched(
        item_id=recorded.aggregate_id,
        side=entry.side,
        party_id=entry.party_id,
        remaining=remaining,
        allocations=recorded.event.allocations,
    )
    yield _of_party(entry, contract)


@publications.after(e.ItemWithdrawn)
def after_item_withdrawn(recorded: Recorded[e.ItemWithdrawn], item: Item) -> Iterable[Telling]:
    assert item.entry is not None, "an item that is withdrawn has been seen"
    side = item.entry.side
    if item.entry.kind == "invoice":
        contract = told.InvoiceWithdrawn(invoice_id=recorded.aggregate_id, side=side)
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
