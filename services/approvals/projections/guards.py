"""What handlers look up in, and the page after an answer must show: who awaits what, who is who."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from services.approvals import events, tables
from services.approvals.model.request import ItemState
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

awaiting = Projection("awaiting", tables.item, tables.yes)
people = Projection("people", tables.client, tables.person)
policies = Projection("policies", tables.policy_version)


@awaiting.on(events.ApprovalRequested)
def approval_requested(recorded: Recorded[events.ApprovalRequested], sql: sa.Connection) -> None:
    requested = recorded.event
    for one in requested.items:
        rows.add(
            tables.item,
            recorded,
            sql,
            request_id=recorded.aggregate_id,
            payment_id=one.payment_id,
            revision=one.revision,
            state=ItemState.AWAITING,
            sought_by=requested.sought_by,
            sought_at=requested.sought_at,
            latest_approval_at=one.latest_approval_at,
            changed_at=recorded.meta.recorded_at,
            policy_version=requested.policy_version,
            item=msgspec.to_builtins(one),
        )


@awaiting.on(events.YesGiven)
def yes_given(recorded: Recorded[events.YesGiven], sql: sa.Connection) -> None:
    grant = recorded.event.grant
    rows.add(
        tables.yes,
        recorded,
        sql,
        request_id=recorded.aggregate_id,
        payment_id=grant.payment_id,
        approver_id=grant.approver_id,
        granted_at=grant.granted_at,
        method=grant.method,
    )


@awaiting.on(events.YesLapsed)
def yes_lapsed(recorded: Recorded[events.YesLapsed], sql: sa.Connection) -> None:
    _take_back(recorded, recorded.event.payment_id, sql, recorded.event.approver_id)


@awaiting.on(events.PaymentApproved)
def payment_approved(recorded: Recorded[events.PaymentApproved], sql: sa.Connection) -> None:
    _close(recorded, recorded.event.payment_id, ItemState.APPROVED, sql)


@awaiting.on(events.PaymentRejected)
def payment_rejected(recorded: Recorded[events.PaymentRejected], sql: sa.Connection) -> None:
    _close(recorded, recorded.event.payment_id, ItemState.REJECTED, sql)
    _take_back(recorded, recorded.event.payment_id, sql)


@awaiting.on(events.ItemVoided)
def item_voided(recorded: Recorded[events.ItemVoided], sql: sa.Connection) -> None:
    voided = recorded.event
    _close(recorded, voided.payment_id, ItemState.VOID, sql, voided.because)
    _take_back(recorded, voided.payment_id, sql)


@awaiting.on(events.ApprovalExpired)
def approval_expired(recorded: Recorded[events.ApprovalExpired], sql: sa.Connection) -> None:
    for payment_id in recorded.event.payments:
        _close(recorded, payment_id, ItemState.EXPIRED, sql)
        _take_back(recorded, payment_id, sql)


def _close(
    recorded: Recorded[Any],
    payment_id: UUID,
    state: ItemState,
    sql: sa.Connection,
    because: str | None = None,
) -> None:
    mine = {"request_id": recorded.aggregate_id, "payment_id": payment_id}
    at = recorded.meta.recorded_at
    rows.change(tables.item, recorded, sql, mine, state=state, because=because, changed_at=at)


def _take_back(
    recorded: Recorded[Any], payment_id: UUID, sql: sa.Connection, approver_id: UUID | None = None
) -> None:
    """Remove one person's yes to an item, or everybody's."""
    key = {"request_id": recorded.aggregate_id, "payment_id": payment_id}
    if approver_id is not None:
        key["approver_id"] = approver_id
    rows.remove(tables.yes, recorded, sql, **key)


@policies.on(events.PolicySet)
def policy_set(recorded: Recorded[events.PolicySet], sql: sa.Connection) -> None:
    policy = recorded.event
    rows.add(
        tables.policy_version,
        recorded,
        sql,
        version=policy.version,
        tiers=msgspec.to_builtins(policy.tiers),
        effective_at=policy.effective_at,
        set_by=policy.set_by,
        set_at=recorded.meta.recorded_at,
    )


@people.on(events.ClientIntroduced)
def client_introduced(recorded: Recorded[events.ClientIntroduced], sql: sa.Connection) -> None:
    introduced = recorded.event
    rows.put(
        tables.client,
        recorded,
        sql,
        {},
        name=introduced.name,
        country=introduced.country,
        time_zone=introduced.time_zone,
        language=introduced.language,
    )


@people.on(events.PersonIntroduced)
def person_introduced(recorded: Recorded[events.PersonIntroduced], sql: sa.Connection) -> None:
    name = msgspec.to_builtins(recorded.event.name)
    _know(recorded, recorded.event.user_id, sql, name=name)


@people.on(events.RoleGiven)
def role_given(recorded: Recorded[events.RoleGiven], sql: sa.Connection) -> None:
    user_id, role = recorded.event.user_id, recorded.event.role
    roles = sa.func.array_append(tables.person.c.roles, role)
    _know(recorded, user_id, sql, roles=roles)


@people.on(events.RoleTaken)
def role_taken(recorded: Recorded[events.RoleTaken], sql: sa.Connection) -> None:
    roles = sa.func.array_remove(tables.person.c.roles, recorded.event.role)
    _know(recorded, recorded.event.user_id, sql, roles=roles)


@people.on(events.PersonDisabled)
def person_disabled(recorded: Recorded[events.PersonDisabled], sql: sa.Connection) -> None:
    _know(recorded, recorded.event.user_id, sql, roles=[])


def _know(recorded: Recorded[Any], user_id: UUID, sql: sa.Connection, **facts: Any) -> None:
    """Note facts about a person, of whom anything may be the first that is heard."""
    rows.ensure(tables.person, recorded, sql, user_id=user_id, roles=[])
    rows.change(tables.person, recorded, sql, {"user_id": user_id}, **facts)
