"""Debtors, open items and agreements as rows."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from services.collections import tables
from services.collections.events import beside as f
from services.collections.model.agreement import AgreementState
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

debtors = Projection("debtors", tables.debtor)
items = Projection("open_items", tables.item)
agreements = Projection("agreements", tables.agreement)


@debtors.on(f.DebtorLearnt)
def debtor_learnt(recorded: Recorded[f.DebtorLearnt], sql: sa.Connection) -> None:
    event = recorded.event
    name = {"subject": str(event.name.subject), "sealed": event.name.sealed}
    key = {"debtor_id": event.debtor_id}
    rows.put(tables.debtor, recorded, sql, key, number=event.number, name=name)


@items.on(f.ItemLearnt)
def item_learnt(recorded: Recorded[f.ItemLearnt], sql: sa.Connection) -> None:
    event = recorded.event
    rows.put(
        tables.item,
        recorded,
        sql,
        {"entry_id": event.entry_id},
        debtor_id=event.debtor_id,
        kind=event.kind,
        number=event.number,
        currency=event.remaining.currency,
        remaining_minor=event.remaining.minor,
    )


@agreements.on(f.AgreementOffered)
def agreement_offered(recorded: Recorded[f.AgreementOffered], sql: sa.Connection) -> None:
    event = recorded.event
    contact = msgspec.to_builtins(event.contact)
    _agreement(recorded, sql, event.agency, AgreementState.OFFERED, link="", contact=contact)


@agreements.on(f.AgreementAwaited)
def agreement_awaited(recorded: Recorded[f.AgreementAwaited], sql: sa.Connection) -> None:
    event = recorded.event
    _agreement(recorded, sql, event.agency, AgreementState.AWAITED, link=event.link)


@agreements.on(f.AgreementReached)
def agreement_reached(recorded: Recorded[f.AgreementReached], sql: sa.Connection) -> None:
    event = recorded.event
    state = AgreementState.AGREED
    _agreement(recorded, sql, event.agency, state, link="", agreed_on=event.agreed_on)


@agreements.on(f.AgreementEnded)
def agreement_ended(recorded: Recorded[f.AgreementEnded], sql: sa.Connection) -> None:
    _agreement(recorded, sql, recorded.event.agency, AgreementState.ENDED, link="")


def _agreement(
    recorded: Recorded[Any], sql: sa.Connection, agency: str, state: AgreementState, **values: Any
) -> None:
    rows.put(tables.agreement, recorded, sql, {"agency": agency}, state=state.value, **values)
