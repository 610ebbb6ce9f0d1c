"""What a creditor sets, as one row per version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from services.dunning.events import creditor as e
from services.dunning.tables import choices as tables
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

choices = Projection("choices", tables.choice)


def _add(
    recorded: Recorded[Any],
    sql: sa.Connection,
    what: str,
    version: int,
    body: Any,
    set_by: UUID | None = None,
) -> None:
    rows.add(
        tables.choice,
        recorded,
        sql,
        what=what,
        version=version,
        body=msgspec.to_builtins(body),
        set_by=set_by,
        set_at=recorded.meta.recorded_at,
    )


@choices.on(e.CreditorLearnt)
def creditor_learnt(recorded: Recorded[e.CreditorLearnt], sql: sa.Connection) -> None:
    event = recorded.event
    body = {"country": event.country, "time_zone": event.time_zone, "language": event.language}
    body["name"] = event.name
    _add(recorded, sql, "home", recorded.version, body)


@choices.on(e.TimelineDefined)
def timeline_defined(recorded: Recorded[e.TimelineDefined], sql: sa.Connection) -> None:
    event = recorded.event
    what = f"timeline:{event.timeline.name}"
    _add(recorded, sql, what, event.version, event.timeline, event.defined_by)


@choices.on(e.MainTimelineChosen)
def main_timeline_chosen(recorded: Recorded[e.MainTimelineChosen], sql: sa.Connection) -> None:
    event = recorded.event
    _add(recorded, sql, "main", recorded.version, event.name, event.chosen_by)


@choices.on(e.ChargePolicySet)
def charge_policy_set(recorded: Recorded[e.ChargePolicySet], sql: sa.Connection) -> None:
    event = recorded.event
    _add(recorded, sql, "charges", event.version, event.policy, event.set_by)


@choices.on(e.ReminderRulesSet)
def reminder_rules_set(recorded: Recorded[e.ReminderRulesSet], sql: sa.Connection) -> None:
    event = recorded.event
    _add(recorded, sql, "reminders", event.version, event.rules, event.set_by)


@choices.on(e.WriteOffRulesSet)
def write_off_rules_set(recorded: Recorded[e.WriteOffRulesSet], sql: sa.Connection) -> None:
    event = recorded.event
    _add(recorded, sql, "write_offs", event.version, event.rules, event.set_by)
