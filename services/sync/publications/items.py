"""What stands on suppliers' and customers' accounts, and what is set off against what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.sync import events as e
from services.sync.model.item import Item
from services.sync.publications.registry import publications
from services.sync.values import Entry
from shared.contracts import sync as told
from shared.contracts.base import Contract
from shared.eventstore.events import Recorded
from shared.money import Money
from shared.stream.outbox import Outgoing, Telling


def _of_party(entry: Entry, contract: Contract) -> Outgoing:
    """What happens to one party's account stays in order."""
    return Outgoing(contract, key=entry.party_id)


def _first_told(entry: Entry, contract: Contract) -> Outgoing:
    """A customer's history is true of the day that it happened on, which is long past."""
    past = entry.issued_on if entry.side == "receivable" and entry.historical else None
    return Outgoing(contract, key=entry.party_id, effective_on=past)


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
    """What is no invoice is told once: only what remains of it changes, and of a customer's that is
    told again, since it may have been gone.
    """
    entry = recorded.event.entry
    if entry.kind == "invoice":
        yield _of_party(entry, told.InvoiceChanged(**_invoice(recorded, item)))
    elif entry.side == "receivable":
        assert item.remaining is not None, "an item that is altered has been seen"
        yield _reopened(recorded, item, item.remaining, item.allocations)


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
    if _remaining(item, recorded.event.remaining) is not None:
        yield _reopened(recorded, item, recorded.event.remaining, recorded.event.allocations)


def _reopened(
    recorded: Recorded[Any], item: Item, remaining: Money, against: tuple[told.Allocation, ...]
) -> Outgoing:
    known = _remaining(item, remaining)
    assert known is not None, "what is not told of is not told of again"
    entry, left = known
    contract = told.ItemsUnmatched(
        item_id=recorded.aggregate_id,
        side=entry.side,
        party_id=entry.party_id,
        remaining=left,
        allocations=against,
    )
    return _of_party(entry, contract)


@publications.after(e.ItemWithdrawn)
def after_item_withdrawn(recorded: Recorded[e.ItemWithdrawn], item: Item) -> Iterable[Telling]:
    """Of a payment or credit note of a customer's that is gone, nothing remains to be set off."""
    entry = item.entry
    assert entry is not None, "an item that is withdrawn has been seen"
    contract: Contract
    if entry.kind == "invoice":
        contract = told.InvoiceWithdrawn(invoice_id=recorded.aggregate_id, side=entry.side)
    elif entry.side == "receivable":
        contract = told.ItemsMatched(
            item_id=recorded.aggregate_id,
            side=entry.side,
            party_id=entry.party_id,
            remaining=Money(0, entry.gross.currency),
            matched_on=recorded.meta.recorded_at.date(),
        )
    else:
        return
    yield _of_party(entry, contract)


@publications.after(e.CopyKept)
def after_copy_kept(recorded: Recorded[e.CopyKept], item: Item) -> Iterable[Telling]:
    assert item.entry is not None, "a copy is that of a seen item"
    contract = told.InvoiceCopyStored(
        invoice_id=recorded.aggregate_id, copy_of=recorded.event.copy_of
    )
    yield _of_party(item.entry, contract)
