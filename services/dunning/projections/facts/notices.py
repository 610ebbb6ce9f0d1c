"""Letters that count as sent, their deliveries, what is planned, and what went to collection."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.dunning.events import notice as n
from services.dunning.events import receivable as r
from services.dunning.projections.facts.statements import day, standing, state, supersede
from services.dunning.tables import facts
from services.dunning.values import NoticeKind
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

notices = Projection(
    "fact_notices", facts.notice_line, facts.delivery, facts.plan, facts.held, facts.case
)


def category_of(kind: NoticeKind, *, charged: bool) -> str:
    """A reminder without charges is soft; a first one with charges is a reminder all the same."""
    return "soft" if kind is NoticeKind.REMINDER and not charged else kind.value


def _of(recorded: Recorded[Any]) -> dict[str, Any]:
    return {"invoice_id": recorded.aggregate_id}


@notices.on(r.LetterCounted)
def letter_counted(recorded: Recorded[r.LetterCounted], sql: sa.Connection) -> None:
    event = recorded.event
    key = {**_of(recorded), "notice_id": event.notice_id}
    if standing(facts.notice_line, recorded, sql, key):
        return  # a later delivery of the same letter changes nothing in law
    rows.add(
        facts.notice_line,
        recorded,
        sql,
        **key,
        version=recorded.version,
        category=category_of(event.kind, charged=event.charged),
        level=event.level,
        sent_on=event.sent_on,
        deadline_on=event.deadline_on,
        currency=event.principal.currency,
        principal_minor=event.principal.minor,
        channel=event.channel,
        recorded_at=recorded.meta.recorded_at,
    )


@notices.on(r.LetterFell)
def letter_fell(recorded: Recorded[r.LetterFell], sql: sa.Connection) -> None:
    key = {**_of(recorded), "notice_id": recorded.event.notice_id}
    supersede(facts.notice_line, recorded, sql, key)


@notices.on(n.NoticeSent)
def notice_sent(recorded: Recorded[n.NoticeSent], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        facts.delivery,
        recorded,
        sql,
        notice_id=recorded.aggregate_id,
        version=recorded.version,
        number=event.delivery,
        channel=event.channel,
        failed=False,
        happened_on=event.sent_at.date(),
        recorded_at=recorded.meta.recorded_at,
    )


@notices.on(n.NoticeFailed)
def notice_failed(recorded: Recorded[n.NoticeFailed], sql: sa.Connection) -> None:
    rows.add(
        facts.delivery,
        recorded,
        sql,
        notice_id=recorded.aggregate_id,
        version=recorded.version,
        number=0,
        channel="",
        failed=True,
        happened_on=day(recorded),
        recorded_at=recorded.meta.recorded_at,
    )


@notices.on(r.StepPlanned)
def step_planned(recorded: Recorded[r.StepPlanned], sql: sa.Connection) -> None:
    plan = recorded.event.plan
    state(
        facts.plan,
        recorded,
        sql,
        _of(recorded),
        category=plan and category_of(plan.kind, charged=plan.charged),
        step=plan and plan.step,
        planned_on=plan and plan.planned_on,
    )


@notices.on(r.HeldFromCollection)
def held_from_collection(recorded: Recorded[r.HeldFromCollection], sql: sa.Connection) -> None:
    state(facts.held, recorded, sql, _of(recorded), code=recorded.event.code)


@notices.on(r.BecameReady)
def became_ready(recorded: Recorded[r.BecameReady], sql: sa.Connection) -> None:
    state(facts.held, recorded, sql, _of(recorded), code="ready")


@notices.on(r.HandedOver)
def handed_over(recorded: Recorded[r.HandedOver], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        facts.case,
        recorded,
        sql,
        **_of(recorded),
        version=recorded.version,
        case_id=event.case_id,
        agency=event.agency,
        handed_over_on=event.handed_over_on,
        currency=event.principal.currency,
        principal_minor=event.principal.minor,
        charges_minor=event.charges.minor,
        interest_minor=event.interest.minor,
        recorded_at=recorded.meta.recorded_at,
    )


@notices.on(r.TakenBack)
def taken_back(recorded: Recorded[r.TakenBack], sql: sa.Connection) -> None:
    event = recorded.event
    rows.change(
        facts.case,
        recorded,
        sql,
        {**_of(recorded), "case_id": event.case_id, "taken_back_at": None},
        taken_back_on=event.taken_back_on,
        taken_back_code=event.code,
        taken_back_at=recorded.meta.recorded_at,
    )
