"""What stands on customers' accounts: invoices, what reduces them, open credits, control totals."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.dunning.events import daily as y
from services.dunning.events import debtor as d
from services.dunning.events import receivable as r
from services.dunning.projections.facts.statements import day, standing, state, supersede
from services.dunning.tables import facts
from services.dunning.values import Invoice, Movement
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

ledger = Projection(
    "fact_ledger", facts.invoice, facts.movement, facts.debtor, facts.credit, facts.control
)


_INVOICE = ("debtor_id", "number", "issued_on", "due_on", "currency", "gross_minor", "base_currency",
            "gross_base_minor")  # fmt: skip


def _of(recorded: Recorded[Any]) -> dict[str, Any]:
    return {"invoice_id": recorded.aggregate_id}


def _invoice(invoice: Invoice) -> dict[str, Any]:
    return {
        "debtor_id": invoice.debtor_id,
        "number": invoice.number,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "currency": invoice.gross.currency,
        "gross_minor": invoice.gross.minor,
        "base_currency": invoice.gross_in_base.currency,
        "gross_base_minor": invoice.gross_in_base.minor,
        "withdrawn": False,
    }


@ledger.on(r.ReceivableOpened)
def receivable_opened(recorded: Recorded[r.ReceivableOpened], sql: sa.Connection) -> None:
    event = recorded.event
    state(facts.invoice, recorded, sql, _of(recorded), **_invoice(event.invoice))
    _move(recorded, sql, (), untold_minor=event.invoice.gross.minor - event.remaining.minor)


@ledger.on(r.ReceivableRestated)
def receivable_restated(recorded: Recorded[r.ReceivableRestated], sql: sa.Connection) -> None:
    state(facts.invoice, recorded, sql, _of(recorded), **_invoice(recorded.event.invoice))
    _note_settled(recorded, sql)


@ledger.on(r.ReceivableWithdrawn)
def receivable_withdrawn(recorded: Recorded[r.ReceivableWithdrawn], sql: sa.Connection) -> None:
    for row in standing(facts.invoice, recorded, sql, _of(recorded)):
        said = {name: row[name] for name in (*_INVOICE, "settled_on", "settled_at")}
        state(facts.invoice, recorded, sql, _of(recorded), **said, withdrawn=True)
    supersede(facts.movement, recorded, sql, _of(recorded))


@ledger.on(r.PrincipalMoved)
def principal_moved(recorded: Recorded[r.PrincipalMoved], sql: sa.Connection) -> None:
    event = recorded.event
    invoices = standing(facts.invoice, recorded, sql, _of(recorded))
    if invoices:
        told = sum(movement.amount.minor for movement in event.movements)
        untold = invoices[-1]["gross_minor"] - event.remaining.minor - told
        _move(recorded, sql, event.movements, untold_minor=untold)


def _move(
    recorded: Recorded[Any], sql: sa.Connection, told: tuple[Movement, ...], untold_minor: int
) -> None:
    """The movements that stand now: those that stood before go on, the rest begin or end here."""
    stood: dict[tuple[Any, ...], list[sa.RowMapping]] = defaultdict(list)
    for row in standing(facts.movement, recorded, sql, _of(recorded)):
        stood[_like(row, recorded)].append(row)
    begun: list[dict[str, Any]] = []
    for movement in [*map(_movement, told), *_untold(recorded, untold_minor)]:
        same = stood.get(_like(movement, recorded))
        if same:
            same.pop(0)
        else:
            begun.append(movement)
    for row in (row for rest in stood.values() for row in rest):
        supersede(
            facts.movement,
            recorded,
            sql,
            {**_of(recorded), "version": row["version"], "line": row["line"]},
        )
    at, version = recorded.meta.recorded_at, recorded.version
    for line, movement in enumerate(begun):
        place = {**_of(recorded), "version": version, "line": line, "recorded_at": at}
        rows.add(facts.movement, recorded, sql, **place, **movement)
    _note_settled(recorded, sql)


def _note_settled(recorded: Recorded[Any], sql: sa.Connection) -> None:
    """From which day on nothing is open, as it stands now; no day where something is."""
    key = {**_of(recorded), "superseded_at": None}
    for row in standing(facts.invoice, recorded, sql, _of(recorded)):
        moved = standing(facts.movement, recorded, sql, _of(recorded))
        settled: dict[str, Any] = {"settled_on": None, "settled_at": None}
        if sum(one["amount_minor"] for one in moved) == row["gross_minor"]:
            last = max((one["value_on"] for one in moved), default=row["issued_on"])
            settled = {"settled_on": last, "settled_at": recorded.meta.recorded_at}
        rows.change(facts.invoice, recorded, sql, key, **settled)


def _movement(movement: Movement) -> dict[str, Any]:
    return {
        "entry_id": movement.entry_id,
        "kind": movement.kind,
        "amount_minor": movement.amount.minor,
        "value_on": movement.value_on,
        "matched_on": movement.matched_on,
        "correction": movement.correction,
        "through_agency": movement.through_agency,
    }


def _untold(recorded: Recorded[Any], minor: int) -> list[dict[str, Any]]:
    """What the ledger has set off without saying by what, from the day it was told."""
    if minor == 0:
        return []
    told_on = day(recorded)
    return [
        {
            "entry_id": recorded.aggregate_id,
            "kind": "other",
            "amount_minor": minor,
            "value_on": told_on,
            "matched_on": told_on,
            "correction": False,
            "through_agency": False,
        }
    ]


def _like(row: Any, recorded: Recorded[Any]) -> tuple[Any, ...]:
    """What makes two movements the same. The day of what is untold is ours, so it does not count."""
    of = ("entry_id", "kind", "amount_minor", "correction", "through_agency")
    days: tuple[date, ...] = (row["value_on"], row["matched_on"])
    untold = row["entry_id"] == recorded.aggregate_id
    return (*(row[name] for name in of), () if untold else days)


@ledger.on(d.DebtorLearnt)
def debtor_learnt(recorded: Recorded[d.DebtorLearnt], sql: sa.Connection) -> None:
    contact = recorded.event.contact
    state(
        facts.debtor,
        recorded,
        sql,
        {"debtor_id": recorded.aggregate_id},
        number=contact.number,
        name={"subject": str(contact.name.subject), "sealed": contact.name.sealed},
        kind=contact.kind,
        country=contact.country,
    )


@ledger.on(d.CreditSeen)
def credit_seen(recorded: Recorded[d.CreditSeen], sql: sa.Connection) -> None:
    credit, base = recorded.event.credit, recorded.event.gross_in_base
    state(
        facts.credit,
        recorded,
        sql,
        {"item_id": credit.item_id},
        debtor_id=recorded.aggregate_id,
        kind=credit.kind,
        number=credit.number,
        dated_on=credit.dated_on,
        currency=credit.amount.currency,
        amount_minor=credit.amount.minor,
        amount_base_minor=base and base.minor,
        remaining_minor=credit.remaining.minor,
    )


@ledger.on(d.CreditMatched)
def credit_matched(recorded: Recorded[d.CreditMatched], sql: sa.Connection) -> None:
    event = recorded.event
    key = {"item_id": event.item_id}
    for row in standing(facts.credit, recorded, sql, key):
        kept = ("debtor_id", "kind", "number", "dated_on", "currency", "amount_minor")
        facts_ = {name: row[name] for name in (*kept, "amount_base_minor")}
        state(facts.credit, recorded, sql, key, **facts_, remaining_minor=event.remaining.minor)


@ledger.on(y.ControlTotalNoted)
def control_total_noted(recorded: Recorded[y.ControlTotalNoted], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        facts.control,
        recorded,
        sql,
        daily_id=recorded.aggregate_id,
        read_on=event.read_on,
        currency=event.ledger_total.currency,
        ledger_minor=event.ledger_total.minor,
        mirror_minor=event.mirror_total.minor,
        recorded_at=recorded.meta.recorded_at,
    )
