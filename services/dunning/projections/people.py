"""The people of a client as rows."""

from __future__ import annotations

import sqlalchemy as sa

from services.dunning.events import person as p
from services.dunning.tables import people as tables
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

people = Projection("people", tables.person)


@people.on(p.PersonNamed)
def person_named(recorded: Recorded[p.PersonNamed], sql: sa.Connection) -> None:
    event = recorded.event
    name = {"subject": str(event.name.subject), "sealed": event.name.sealed}
    key = {"user_id": event.user_id}
    rows.put(tables.person, recorded, sql, key, name=name, disabled=False)


@people.on(p.PersonDisabled)
def person_disabled(recorded: Recorded[p.PersonDisabled], sql: sa.Connection) -> None:
    rows.change(tables.person, recorded, sql, {"user_id": recorded.event.user_id}, disabled=True)
