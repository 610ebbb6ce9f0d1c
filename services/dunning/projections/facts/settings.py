"""What is set for a creditor, its debtors and invoices: timelines, and who is not reminded and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.dunning.events import creditor as c
from services.dunning.events import debtor as d
from services.dunning.events import receivable as r
from services.dunning.events import report as f
from services.dunning.projections.facts.statements import day, state
from services.dunning.tables import facts
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

settings = Projection(
    "fact_settings",
    facts.creditor,
    facts.wait,
    facts.assignment,
    facts.timeline,
    facts.main_timeline,
    facts.frozen,
)


@settings.on(c.CreditorLearnt)
def creditor_learnt(recorded: Recorded[c.CreditorLearnt], sql: sa.Connection) -> None:
    event = recorded.event
    here = {"country": event.country, "time_zone": event.time_zone}
    state(facts.creditor, recorded, sql, {}, **here)


@settings.on(c.TimelineDefined)
def timeline_defined(recorded: Recorded[c.TimelineDefined], sql: sa.Connection) -> None:
    timeline = recorded.event.timeline
    state(
        facts.timeline,
        recorded,
        sql,
        {"name": timeline.name},
        is_statement=timeline.is_statement,
        every_days=timeline.steps[0].after_days if timeline.is_statement else None,
    )


@settings.on(c.MainTimelineChosen)
def main_timeline_chosen(recorded: Recorded[c.MainTimelineChosen], sql: sa.Connection) -> None:
    state(facts.main_timeline, recorded, sql, {}, name=recorded.event.name)


@settings.on(d.TimelineAssigned)
def timeline_assigned(recorded: Recorded[d.TimelineAssigned], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        facts.assignment,
        recorded,
        sql,
        debtor_id=recorded.aggregate_id,
        version=recorded.version,
        name=event.name,
        code=event.code,
        assigned_on=day(recorded, event.assigned_on),
        assigned_by=f"user:{event.assigned_by}",
        recorded_at=recorded.meta.recorded_at,
    )


@settings.on(r.InvoicePaused)
def invoice_paused(recorded: Recorded[r.InvoicePaused], sql: sa.Connection) -> None:
    event = recorded.event
    _wait(recorded, sql, "invoice", "paused", event.code, event.from_on, event.until_on)


@settings.on(r.InvoiceResumed)
def invoice_resumed(recorded: Recorded[r.InvoiceResumed], sql: sa.Connection) -> None:
    _end(recorded, sql, "paused", recorded.event.resumed_on)


@settings.on(r.InvoiceDisputed)
def invoice_disputed(recorded: Recorded[r.InvoiceDisputed], sql: sa.Connection) -> None:
    event = recorded.event
    _wait(recorded, sql, "invoice", "disputed", event.code, event.disputed_on, None)


@settings.on(r.DisputeSettled)
def dispute_settled(recorded: Recorded[r.DisputeSettled], sql: sa.Connection) -> None:
    _end(recorded, sql, "disputed", recorded.event.settled_on)


@settings.on(d.DebtorExcluded)
def debtor_excluded(recorded: Recorded[d.DebtorExcluded], sql: sa.Connection) -> None:
    event = recorded.event
    from_on = day(recorded, event.from_on)
    _wait(recorded, sql, "debtor", "excluded", event.code, from_on, event.until_on)


@settings.on(d.DebtorIncluded)
def debtor_included(recorded: Recorded[d.DebtorIncluded], sql: sa.Connection) -> None:
    _end(recorded, sql, "excluded", day(recorded, recorded.event.included_on))


@settings.on(d.DebtorFrozen)
def debtor_frozen(recorded: Recorded[d.DebtorFrozen], sql: sa.Connection) -> None:
    event = recorded.event
    _wait(recorded, sql, "debtor", "frozen", event.code, event.frozen_on, None)


@settings.on(d.DebtorUnfrozen)
def debtor_unfrozen(recorded: Recorded[d.DebtorUnfrozen], sql: sa.Connection) -> None:
    _end(recorded, sql, "frozen", day(recorded, recorded.event.unfrozen_on))


def _wait(
    recorded: Recorded[Any],
    sql: sa.Connection,
    scope: str,
    kind: str,
    code: str,
    from_on: date,
    until_on: date | None,
) -> None:
    """It waits from now on, in the place of a wait of the same kind."""
    _end(recorded, sql, kind, from_on)
    rows.add(
        facts.wait,
        recorded,
        sql,
        subject_id=recorded.aggregate_id,
        version=recorded.version,
        scope=scope,
        kind=kind,
        code=code,
        from_on=from_on,
        until_on=until_on,
        begun_by=recorded.meta.actor,
        recorded_at=recorded.meta.recorded_at,
    )


def _end(recorded: Recorded[Any], sql: sa.Connection, kind: str, ended_on: date) -> None:
    key = {"subject_id": recorded.aggregate_id, "kind": kind, "ended_at": None}
    at = recorded.meta.recorded_at
    rows.change(facts.wait, recorded, sql, key, ended_on=ended_on, ended_at=at)


@settings.on(f.ReportFrozen)
def report_frozen(recorded: Recorded[f.ReportFrozen], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        facts.frozen,
        recorded,
        sql,
        report_id=recorded.aggregate_id,
        kind=event.kind,
        period=event.period,
        known_at=event.known_at,
        sha256=event.copy_of.sha256,
        media_type=event.copy_of.media_type,
        size_bytes=event.copy_of.size_bytes,
        frozen_by=recorded.meta.actor,
        recorded_at=recorded.meta.recorded_at,
    )
