"""Cases as rows, and what has happened to each, as people read it."""

from __future__ import annotations

from typing import Any, get_args

import sqlalchemy as sa

from services.collections import tables
from services.collections.events import case as e
from services.collections.values import CaseState
from shared.eventstore.events import Recorded, stored_name
from shared.projecting import rows
from shared.projecting.projection import Projection

cases = Projection("cases", tables.case)
timelines = Projection("timelines", tables.timeline)
_case = tables.case.c


@cases.on(e.CaseSent)
def case_sent(recorded: Recorded[e.CaseSent], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        tables.case,
        recorded,
        sql,
        case_id=recorded.aggregate_id,
        debtor_id=event.debtor_id,
        agency=event.agency,
        state=CaseState.SUBMITTED.value,
        since_at=recorded.meta.recorded_at,
        currency=event.principal.currency,
        principal_minor=event.principal.minor,
        charges_minor=event.charges.minor,
        interest_minor=event.interest.minor,
        told_minor=0,
        collected_minor=0,
        paid_out_minor=0,
        invoices=[str(claim.invoice_id) for claim in event.claims],
        numbers=[claim.number for claim in event.claims],
        sent_on=event.sent_on,
        automatic=event.automatic,
        recall_sought=False,
        untold=0,
    )


@cases.on(e.CaseAccepted)
def case_accepted(recorded: Recorded[e.CaseAccepted], sql: sa.Connection) -> None:
    event = recorded.event
    _moved(
        recorded,
        sql,
        CaseState.ACTIVE,
        agency_case_id=event.agency_case_id,
        agency_reference=event.agency_reference,
    )


@cases.on(e.CaseFoundAfterAll)
def case_found_after_all(recorded: Recorded[e.CaseFoundAfterAll], sql: sa.Connection) -> None:
    found = recorded.event.agency_case_id
    _moved(recorded, sql, CaseState.ACTIVE, agency_case_id=found, code="found_after_all")


@cases.on(e.CaseNotSent)
def case_not_sent(recorded: Recorded[e.CaseNotSent], sql: sa.Connection) -> None:
    _moved(recorded, sql, CaseState.NOT_SENT, code="not_sent")


@cases.on(e.AgencyWordReported)
def agency_word_reported(recorded: Recorded[e.AgencyWordReported], sql: sa.Connection) -> None:
    _moved(recorded, sql, CaseState.NOT_SENT, code="never_arrived")


@cases.on(e.CaseOutcomeUnknown)
def case_outcome_unknown(recorded: Recorded[e.CaseOutcomeUnknown], sql: sa.Connection) -> None:
    _moved(recorded, sql, CaseState.OUTCOME_UNKNOWN)


@cases.on(e.CaseRefused)
def case_refused(recorded: Recorded[e.CaseRefused], sql: sa.Connection) -> None:
    _moved(recorded, sql, CaseState.REFUSED, code=recorded.event.code)


@cases.on(e.CaseRecalled)
def case_recalled(recorded: Recorded[e.CaseRecalled], sql: sa.Connection) -> None:
    _moved(recorded, sql, CaseState.RECALLED, code="recalled")


@cases.on(e.CaseClosed)
def case_closed(recorded: Recorded[e.CaseClosed], sql: sa.Connection) -> None:
    _moved(recorded, sql, CaseState.CLOSED, code=recorded.event.code)


@cases.on(e.StatusLearnt)
def status_learnt(recorded: Recorded[e.StatusLearnt], sql: sa.Connection) -> None:
    event = recorded.event
    remaining = event.remaining.minor if event.remaining else None
    _change(
        recorded,
        sql,
        status=event.status,
        agency_code=event.agency_code,
        remaining_minor=remaining,
    )


@cases.on(e.AgencyCollected)
def agency_collected(recorded: Recorded[e.AgencyCollected], sql: sa.Connection) -> None:
    more = _case.collected_minor + recorded.event.collected.amount.minor
    _change(recorded, sql, collected_minor=more)


@cases.on(e.CollectionTakenBack)
def collection_taken_back(recorded: Recorded[e.CollectionTakenBack], sql: sa.Connection) -> None:
    left = _case.collected_minor - recorded.event.amount.minor
    _change(recorded, sql, collected_minor=left)


@cases.on(e.PayOutRecognised)
def pay_out_recognised(recorded: Recorded[e.PayOutRecognised], sql: sa.Connection) -> None:
    _change(recorded, sql, paid_out_minor=_case.paid_out_minor + recorded.event.amount.minor)


@cases.on(e.TellingSought)
def telling_sought(recorded: Recorded[e.TellingSought], sql: sa.Connection) -> None:
    event = recorded.event
    told = event.amount.minor if event.amount else 0
    signed = -told if event.kind == "reversal" else told
    _change(
        recorded,
        sql,
        told_minor=_case.told_minor + signed,
        recall_sought=sa.or_(_case.recall_sought, sa.literal(event.kind == "withdrawal")),
    )


@cases.on(e.TellingRefused)
def telling_refused(recorded: Recorded[e.TellingRefused], sql: sa.Connection) -> None:
    sought = sa.and_(_case.recall_sought, sa.literal(recorded.event.kind != "withdrawal"))
    _change(recorded, sql, untold=_case.untold + 1, recall_sought=sought)


@timelines.on(*get_args(e.CaseEvent))
def anything_happened(recorded: Recorded[Any], sql: sa.Connection) -> None:
    rows.add(
        tables.timeline,
        recorded,
        sql,
        case_id=recorded.aggregate_id,
        version=recorded.version,
        at=recorded.meta.recorded_at,
        actor=recorded.meta.actor,
        event=stored_name(recorded.event),
    )


def _moved(recorded: Recorded[Any], sql: sa.Connection, state: CaseState, **values: Any) -> None:
    _change(recorded, sql, state=state.value, since_at=recorded.meta.recorded_at, **values)


def _change(recorded: Recorded[Any], sql: sa.Connection, **values: Any) -> None:
    rows.change(tables.case, recorded, sql, {"case_id": recorded.aggregate_id}, **values)
