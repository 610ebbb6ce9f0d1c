"""Own events as rows: debtors, creditors' own texts, and letters with each of their deliveries."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from services.notifications import tables
from services.notifications.events import (
    DebtorIntroduced,
    LetterDrawn,
    LetterFailed,
    LetterOutcomeLost,
    LetterRecalled,
    LetterReceived,
    LetterRefused,
    LetterRepeated,
    LetterReturned,
    LetterRouted,
    LetterSent,
    LetterWithheld,
    TextsChanged,
    TextsRestored,
)
from services.notifications.model.letter import LetterState, delivery_id
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

debtors = Projection("debtors", tables.debtor)
own_texts = Projection("texts", tables.texts)
letters = Projection("letters", tables.letter, tables.letter_delivery)


@debtors.on(DebtorIntroduced)
def debtor_introduced(recorded: Recorded[DebtorIntroduced], sql: sa.Connection) -> None:
    event = recorded.event
    contact = msgspec.json.encode(event.contact)
    rows.put(tables.debtor, recorded, sql, {"debtor_id": event.debtor_id}, contact=contact)


@own_texts.on(TextsChanged)
def texts_changed(recorded: Recorded[TextsChanged], sql: sa.Connection) -> None:
    event = recorded.event
    rows.put(
        tables.texts,
        recorded,
        sql,
        {"kind": event.kind.value, "language": event.language},
        version=event.version,
        title=event.title,
        body=event.body,
        closing=event.closing,
    )


@own_texts.on(TextsRestored)
def texts_restored(recorded: Recorded[TextsRestored], sql: sa.Connection) -> None:
    event = recorded.event
    rows.remove(tables.texts, recorded, sql, kind=event.kind.value, language=event.language)


def change_letter(
    recorded: Recorded[Any], state: LetterState, sql: sa.Connection, **values: Any
) -> None:
    rows.change(
        tables.letter,
        recorded,
        sql,
        {"notice_id": recorded.aggregate_id},
        state=state.value,
        changed_at=recorded.meta.recorded_at,
        **values,
    )


def change_delivery(
    recorded: Recorded[Any], state: LetterState, sql: sa.Connection, **values: Any
) -> None:
    mine = {"notice_id": recorded.aggregate_id, "delivery": recorded.event.delivery}
    rows.change(tables.letter_delivery, recorded, sql, mine, state=state.value, **values)
    change_letter(recorded, state, sql)


@letters.on(LetterReceived)
def letter_received(recorded: Recorded[LetterReceived], sql: sa.Connection) -> None:
    facts, at = recorded.event.facts, recorded.meta.recorded_at
    rows.add(
        tables.letter,
        recorded,
        sql,
        notice_id=recorded.aggregate_id,
        debtor_id=facts.debtor_id,
        kind=facts.kind.value,
        language=facts.language,
        state=LetterState.ROUTED.value,
        received_at=at,
        changed_at=at,
    )


@letters.on(LetterRouted)
def letter_routed(recorded: Recorded[LetterRouted], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        tables.letter_delivery,
        recorded,
        sql,
        notice_id=recorded.aggregate_id,
        delivery=event.delivery,
        delivery_id=delivery_id(recorded.aggregate_id, event.delivery),
        channel=event.channel.value,
        state=LetterState.ROUTED.value,
    )
    change_letter(recorded, LetterState.ROUTED, sql)


@letters.on(LetterDrawn)
def letter_drawn(recorded: Recorded[LetterDrawn], sql: sa.Connection) -> None:
    drawn = recorded.event.drawn
    change_delivery(
        recorded, LetterState.DRAWN, sql, sha256=drawn.document.sha256, pages=drawn.pages
    )


@letters.on(LetterSent)
def letter_sent(recorded: Recorded[LetterSent], sql: sa.Connection) -> None:
    change_delivery(recorded, LetterState.SENT, sql, sent_at=recorded.event.sent_at, code=None)


@letters.on(LetterRefused)
def letter_refused(recorded: Recorded[LetterRefused], sql: sa.Connection) -> None:
    change_delivery(recorded, LetterState.REFUSED, sql, code=recorded.event.code)


@letters.on(LetterReturned)
def letter_returned(recorded: Recorded[LetterReturned], sql: sa.Connection) -> None:
    change_delivery(recorded, LetterState.RETURNED, sql, code=recorded.event.code)


@letters.on(LetterOutcomeLost)
def letter_outcome_lost(recorded: Recorded[LetterOutcomeLost], sql: sa.Connection) -> None:
    change_delivery(recorded, LetterState.UNKNOWN, sql)


@letters.on(LetterRepeated)
def letter_repeated(recorded: Recorded[LetterRepeated], sql: sa.Connection) -> None:
    repeats = tables.letter_delivery.c.repeats + 1
    change_delivery(recorded, LetterState.DRAWN, sql, repeats=repeats)


@letters.on(LetterRecalled)
def letter_recalled(recorded: Recorded[LetterRecalled], sql: sa.Connection) -> None:
    rows.change(tables.letter, recorded, sql, {"notice_id": recorded.aggregate_id}, recalled=True)


@letters.on(LetterWithheld)
def letter_withheld(recorded: Recorded[LetterWithheld], sql: sa.Connection) -> None:
    mine = {"notice_id": recorded.aggregate_id}
    waiting = tables.letter_delivery.c.state.in_(
        [LetterState.ROUTED.value, LetterState.DRAWN.value, LetterState.UNKNOWN.value]
    )
    state = sa.case((waiting, LetterState.WITHHELD.value), else_=tables.letter_delivery.c.state)
    rows.change(tables.letter_delivery, recorded, sql, mine, state=state)
    change_letter(recorded, LetterState.WITHHELD, sql)


@letters.on(LetterFailed)
def letter_failed(recorded: Recorded[LetterFailed], sql: sa.Connection) -> None:
    change_letter(recorded, LetterState.FAILED, sql, code=recorded.event.code)
