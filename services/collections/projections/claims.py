"""Claims as rows: what is ready, planned, held, sent."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.collections import tables
from services.collections.events import claim as e
from services.collections.values import ClaimState
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

claims = Projection("claims", tables.claim)
_FREE: dict[str, Any] = {"holds": [], "until_on": None, "transfer_on": None, "goes_at": None}


@claims.on(e.ClaimReady)
def claim_ready(recorded: Recorded[e.ClaimReady], sql: sa.Connection) -> None:
    facts = recorded.event.facts
    rows.put(
        tables.claim,
        recorded,
        sql,
        {"invoice_id": facts.invoice_id},
        at_first={
            "claim_id": recorded.aggregate_id,
            "state": ClaimState.READY.value,
            "since_at": recorded.meta.recorded_at,
            "holds": [],
        },
        debtor_id=facts.debtor_id,
        currency=facts.principal.currency,
        principal_minor=facts.principal.minor,
        charges_minor=facts.charges.minor,
        interest_minor=facts.interest.minor,
        number=facts.number,
        due_on=facts.due_on,
        warned_on=facts.warned_on,
        deadline_on=facts.deadline_on,
    )


@claims.on(e.ClaimNotReady)
def claim_not_ready(recorded: Recorded[e.ClaimNotReady], sql: sa.Connection) -> None:
    event = recorded.event
    rows.put(
        tables.claim,
        recorded,
        sql,
        {"invoice_id": event.invoice_id},
        at_first={
            "claim_id": recorded.aggregate_id,
            "debtor_id": event.debtor_id,
            "state": ClaimState.HELD.value,
            "since_at": recorded.meta.recorded_at,
            "currency": event.principal.currency,
            "charges_minor": 0,
            "interest_minor": 0,
            "number": "",
            "holds": [event.code],
        },
        principal_minor=event.principal.minor,
        blocking_minor=event.blocking.minor if event.blocking else None,
    )


@claims.on(e.HoldTold)
def hold_told(recorded: Recorded[e.HoldTold], sql: sa.Connection) -> None:
    _change(recorded, sql, until_on=recorded.event.until_on)


@claims.on(e.HoldLifted)
def hold_lifted(recorded: Recorded[e.HoldLifted], sql: sa.Connection) -> None:
    _change(recorded, sql, until_on=None)


@claims.on(e.ClaimHeld)
def claim_held(recorded: Recorded[e.ClaimHeld], sql: sa.Connection) -> None:
    event = recorded.event
    _moved(
        recorded,
        sql,
        ClaimState.HELD,
        holds=list(event.codes),
        blocking_minor=event.blocking.minor if event.blocking else None,
        transfer_on=None,
        goes_at=None,
    )


@claims.on(e.ClaimFree, e.PlanDropped)
def claim_free(recorded: Recorded[Any], sql: sa.Connection) -> None:
    _moved(recorded, sql, ClaimState.READY, **_FREE, blocking_minor=None)


@claims.on(e.TransferPlanned)
def transfer_planned(recorded: Recorded[e.TransferPlanned], sql: sa.Connection) -> None:
    event = recorded.event
    plan = {"transfer_on": event.transfer_on, "goes_at": event.goes_at}
    _moved(recorded, sql, ClaimState.PLANNED, **{**_FREE, **plan})


@claims.on(e.ClaimSent)
def claim_sent(recorded: Recorded[e.ClaimSent], sql: sa.Connection) -> None:
    _moved(recorded, sql, ClaimState.SENT, **_FREE, case_id=recorded.event.case_id)


@claims.on(e.ClaimReturned, e.ClaimReopened)
def claim_returned(recorded: Recorded[Any], sql: sa.Connection) -> None:
    _moved(recorded, sql, ClaimState.READY, **_FREE, case_id=None)


@claims.on(e.ClaimOver)
def claim_over(recorded: Recorded[e.ClaimOver], sql: sa.Connection) -> None:
    _moved(recorded, sql, ClaimState.OVER)


def _moved(recorded: Recorded[Any], sql: sa.Connection, state: ClaimState, **values: Any) -> None:
    _change(recorded, sql, state=state.value, since_at=recorded.meta.recorded_at, **values)


def _change(recorded: Recorded[Any], sql: sa.Connection, **values: Any) -> None:
    rows.change(tables.claim, recorded, sql, {"claim_id": recorded.aggregate_id}, **values)
