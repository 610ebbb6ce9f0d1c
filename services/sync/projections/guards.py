"""What the next step of a run and the page after an act look up in: ledgers, mirror, inbox."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from services.sync import events as e
from services.sync import tables
from services.sync.values import Entry
from shared.eventstore.events import Recorded
from shared.money import Money
from shared.projecting import rows
from shared.projecting.projection import Projection

ledgers = Projection("ledgers", tables.connection, tables.control_total)
mirror = Projection("mirror", tables.party, tables.customer, tables.item, tables.charge_line)
inbox = Projection("inbox", tables.document)

_NEW: dict[str, Any] = {"time_zone": "UTC", "language": "en", "standing": "none"}


def _connection(recorded: Recorded[Any], sql: sa.Connection, **values: Any) -> None:
    mine = {"connection_id": recorded.aggregate_id}
    rows.put(tables.connection, recorded, sql, mine, at_first=_NEW, **values)


@ledgers.on(e.ClientNoted)
def client_noted(recorded: Recorded[e.ClientNoted], sql: sa.Connection) -> None:
    noted = recorded.event
    _connection(recorded, sql, time_zone=noted.time_zone, language=noted.language)


@ledgers.on(e.ConsentGiven)
def consent_given(recorded: Recorded[e.ConsentGiven], sql: sa.Connection) -> None:
    consent = msgspec.to_builtins(recorded.event)
    _connection(recorded, sql, consent=consent, standing="asked", reason=None)


@ledgers.on(e.LedgerConnected)
def ledger_connected(recorded: Recorded[e.LedgerConnected], sql: sa.Connection) -> None:
    currency = recorded.event.base_currency
    _connection(recorded, sql, standing="connected", base_currency=currency, reason=None)


@ledgers.on(e.ConsentLost)
def consent_lost(recorded: Recorded[e.ConsentLost], sql: sa.Connection) -> None:
    _connection(recorded, sql, standing="needs_consent")


@ledgers.on(e.AccessDenied)
def access_denied(recorded: Recorded[e.AccessDenied], sql: sa.Connection) -> None:
    _connection(recorded, sql, standing="access_denied", reason=recorded.event.reason)


@ledgers.on(e.WrongAgreementMet)
def wrong_agreement_met(recorded: Recorded[e.WrongAgreementMet], sql: sa.Connection) -> None:
    _connection(recorded, sql, standing="wrong_agreement")


@ledgers.on(e.PageRead)
def cursor_moved(recorded: Recorded[e.PageRead], sql: sa.Connection) -> None:
    _connection(recorded, sql, cursor=recorded.event.cursor)


@ledgers.on(e.RunCompleted)
def totals_read(recorded: Recorded[e.RunCompleted], sql: sa.Connection) -> None:
    for total in recorded.event.totals:
        drifts = total.ledger != total.mirror
        _control_total(recorded, sql, total.side, total.ledger, total.mirror, drifts=drifts)


@ledgers.on(e.DriftDetected)
def drift_detected(recorded: Recorded[e.DriftDetected], sql: sa.Connection) -> None:
    drift = recorded.event
    _control_total(recorded, sql, drift.side, drift.ledger_total, drift.mirror_total, drifts=True)


@ledgers.on(e.DriftCleared)
def drift_cleared(recorded: Recorded[e.DriftCleared], sql: sa.Connection) -> None:
    side = {"side": recorded.event.side}
    rows.change(tables.control_total, recorded, sql, side, drifts=False)


def _control_total(
    recorded: Recorded[Any],
    sql: sa.Connection,
    side: str,
    ledger: Money,
    mirror_: Money,
    *,
    drifts: bool,
) -> None:
    rows.put(
        tables.control_total,
        recorded,
        sql,
        {"side": side},
        ledger_total_minor=ledger.minor,
        mirror_total_minor=mirror_.minor,
        currency=ledger.currency,
        drifts=drifts,
        read_at=recorded.meta.recorded_at,
    )


@mirror.on(e.PartyChanged)
def party_changed(recorded: Recorded[e.PartyChanged], sql: sa.Connection) -> None:
    party = recorded.event
    rows.put(
        tables.party,
        recorded,
        sql,
        {"number": party.number},
        party_id=recorded.aggregate_id,
        name=msgspec.to_builtins(party.name),
        blocked=party.blocked,
        print=party.print,
        name_print=party.name_print,
        vat_print=party.vat_print,
        account_print=party.account_print,
    )


@mirror.on(e.CustomerChanged)
def customer_changed(recorded: Recorded[e.CustomerChanged], sql: sa.Connection) -> None:
    card = recorded.event
    rows.put(
        tables.customer,
        recorded,
        sql,
        {"number": card.number},
        party_id=recorded.aggregate_id,
        name=msgspec.to_builtins(card.name),
        print=card.print,
    )


@mirror.on(e.InvoiceSeen, e.CreditNoteSeen, e.PaymentSeen, e.ChargeSeen, e.OtherEntrySeen)
def item_seen(recorded: Recorded[Any], sql: sa.Connection) -> None:
    entry = recorded.event.entry
    rows.add(
        tables.item,
        recorded,
        sql,
        entry_number=entry.number,
        item_id=recorded.aggregate_id,
        side=entry.side,
        party_number=entry.party_number,
        kind=entry.kind,
        remaining_minor=recorded.event.remaining.minor,
        currency=recorded.event.remaining.currency,
        historical=entry.historical,
        lacks_copy=entry.kind == "invoice" and entry.side == "receivable" and entry.documented,
        against=[],
        withdrawn=False,
        **_facts(entry),
    )


def _facts(entry: Entry) -> dict[str, Any]:
    """What an entry says that may come to be another."""
    return {
        "number": entry.invoice_number,
        "year": entry.year,
        "voucher": entry.voucher,
        "issued_on": entry.issued_on,
        "due_on": entry.due_on,
        "print": entry.print,
    }


def _item(recorded: Recorded[Any], sql: sa.Connection, **values: Any) -> None:
    rows.change(tables.item, recorded, sql, {"item_id": recorded.aggregate_id}, **values)


@mirror.on(e.EntryAltered)
def entry_altered(recorded: Recorded[e.EntryAltered], sql: sa.Connection) -> None:
    _item(recorded, sql, **_facts(recorded.event.entry))


@mirror.on(e.ItemMatched, e.ItemUnmatched)
def remaining_changed(recorded: Recorded[Any], sql: sa.Connection) -> None:
    changed = recorded.event
    against = [str(one.entry_id) for one in changed.allocations]
    _item(recorded, sql, remaining_minor=changed.remaining.minor, against=against)


@mirror.on(e.CopyKept)
def copy_kept(recorded: Recorded[e.CopyKept], sql: sa.Connection) -> None:
    _item(recorded, sql, lacks_copy=False)


@mirror.on(e.VoucherPosted)
def charges_entered(recorded: Recorded[e.VoucherPosted], sql: sa.Connection) -> None:
    for ordinal, entry in recorded.event.entries:
        mark = {"mark": f"{recorded.event.token}.{ordinal}"}
        rows.put(tables.charge_line, recorded, sql, mark, entry_number=entry)


@mirror.on(e.ItemMissed)
def item_missed(recorded: Recorded[e.ItemMissed], sql: sa.Connection) -> None:
    _item(recorded, sql, missed_at=recorded.event.missed_at)


@mirror.on(e.ItemFound)
def item_found(recorded: Recorded[e.ItemFound], sql: sa.Connection) -> None:
    _item(recorded, sql, missed_at=None, withdrawn=False)


@mirror.on(e.ItemWithdrawn)
def item_withdrawn(recorded: Recorded[e.ItemWithdrawn], sql: sa.Connection) -> None:
    _item(recorded, sql, withdrawn=True)


@inbox.on(e.DocumentReceived)
def document_received(recorded: Recorded[e.DocumentReceived], sql: sa.Connection) -> None:
    rows.add(
        tables.document,
        recorded,
        sql,
        document_id=recorded.aggregate_id,
        received_at=recorded.meta.recorded_at,
        state="received",
        copy=msgspec.to_builtins(recorded.event.copy_of),
    )


def _document(recorded: Recorded[Any], sql: sa.Connection, **values: Any) -> None:
    rows.change(tables.document, recorded, sql, {"document_id": recorded.aggregate_id}, **values)


@inbox.on(e.DocumentRead)
def document_read(recorded: Recorded[e.DocumentRead], sql: sa.Connection) -> None:
    reading = recorded.event.reading
    _document(
        recorded,
        sql,
        state="read",
        reading=msgspec.to_builtins(reading),
        supplier_number=reading.supplier_number,
    )


@inbox.on(e.SupplierChosen)
def supplier_chosen(recorded: Recorded[e.SupplierChosen], sql: sa.Connection) -> None:
    _document(recorded, sql, supplier_number=recorded.event.supplier_number)


@inbox.on(e.BookingAsked)
def booking_asked(recorded: Recorded[e.BookingAsked], sql: sa.Connection) -> None:
    _document(recorded, sql, state="asked", code=None, reason=None)


@inbox.on(e.DocumentBooked)
def document_booked(recorded: Recorded[e.DocumentBooked], sql: sa.Connection) -> None:
    booked = recorded.event
    _document(
        recorded, sql, state="booked", voucher=booked.voucher, entry_number=booked.entry_number
    )


@inbox.on(e.BookingRefused)
def booking_refused(recorded: Recorded[e.BookingRefused], sql: sa.Connection) -> None:
    refused = recorded.event
    _document(recorded, sql, state="read", code=refused.code, reason=refused.reason)
