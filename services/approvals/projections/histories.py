"""What has happened to each request, and what became of each payment, for the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from services.approvals import events, tables
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection
from shared.sealed import Sealed

histories = Projection("histories", tables.happening, tables.course)


@histories.on(events.ApprovalRequested)
def approval_requested(recorded: Recorded[events.ApprovalRequested], sql: sa.Connection) -> None:
    payments = [item.payment_id for item in recorded.event.items]
    _note(recorded, "requested", payments, sql, person_id=recorded.event.sought_by)


@histories.on(events.YesGiven)
def yes_given(recorded: Recorded[events.YesGiven], sql: sa.Connection) -> None:
    grant = recorded.event.grant
    _note(recorded, "yes", [grant.payment_id], sql, person_id=grant.approver_id, code=grant.method)


@histories.on(events.YesLapsed)
def yes_lapsed(recorded: Recorded[events.YesLapsed], sql: sa.Connection) -> None:
    lapsed = recorded.event
    _note(recorded, "yes_lapsed", [lapsed.payment_id], sql, person_id=lapsed.approver_id)


@histories.on(events.AnswerRefused)
def answer_refused(recorded: Recorded[events.AnswerRefused], sql: sa.Connection) -> None:
    refused = recorded.event
    _note(
        recorded,
        f"{refused.answer}_refused",
        [refused.payment_id],
        sql,
        person_id=refused.person_id,
        code=refused.code,
    )


@histories.on(events.PaymentApproved)
def payment_approved(recorded: Recorded[events.PaymentApproved], sql: sa.Connection) -> None:
    _note(recorded, "approved", [recorded.event.payment_id], sql)


@histories.on(events.PaymentRejected)
def payment_rejected(recorded: Recorded[events.PaymentRejected], sql: sa.Connection) -> None:
    rejected = recorded.event
    _note(
        recorded,
        "rejected",
        [rejected.payment_id],
        sql,
        person_id=rejected.rejected_by,
        reason=rejected.reason,
    )


@histories.on(events.ItemVoided)
def item_voided(recorded: Recorded[events.ItemVoided], sql: sa.Connection) -> None:
    _note(recorded, "void", [recorded.event.payment_id], sql, code=recorded.event.because)


@histories.on(events.ApprovalReminded)
def approval_reminded(recorded: Recorded[events.ApprovalReminded], sql: sa.Connection) -> None:
    _note(recorded, "reminded", recorded.event.payments, sql)


@histories.on(events.ApprovalExpired)
def approval_expired(recorded: Recorded[events.ApprovalExpired], sql: sa.Connection) -> None:
    _note(recorded, "expired", recorded.event.payments, sql)


@histories.on(events.PaymentFollowed)
def payment_followed(recorded: Recorded[events.PaymentFollowed], sql: sa.Connection) -> None:
    rows.add(
        tables.course,
        recorded,
        sql,
        payment_id=recorded.event.payment_id,
        position=recorded.position,
        happened_at=recorded.meta.recorded_at,
        state=recorded.event.state,
        code=recorded.event.code,
    )


def _note(
    recorded: Recorded[Any],
    what: str,
    payments: Iterable[UUID],
    sql: sa.Connection,
    *,
    person_id: UUID | None = None,
    code: str | None = None,
    reason: Sealed | None = None,
) -> None:
    """One line per payment that the event is about."""
    for payment_id in payments:
        rows.add(
            tables.happening,
            recorded,
            sql,
            request_id=recorded.aggregate_id,
            position=recorded.position,
            payment_id=payment_id,
            happened_at=recorded.meta.recorded_at,
            what=what,
            person_id=person_id,
            code=code,
            reason=None if reason is None else msgspec.to_builtins(reason),
        )
