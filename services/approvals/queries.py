"""The questions asked of the read tables, each scoped to one client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from services.approvals.events import Item
from services.approvals.model.client import APPROVER, Client
from services.approvals.model.dates import calendar_for, pays_on
from services.approvals.model.request import ItemState
from services.approvals.tables import client, course, happening, item, person, policy_version, yes
from shared.contracts.values import PolicyTier
from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Shown:
    """One payment of a request as a person is shown it; names and accounts are still sealed.

    `pays_on` is the day it leaves when the last yes comes now: later than `item.pay_on` when the
    latest hour is over (`late`). `yes_by` has said yes; `own` means that this person put it forward
    and cannot approve it.
    """

    request_id: UUID
    item: Item
    state: ItemState
    because: str | None
    sought_by: UUID
    sought_at: datetime
    policy_version: int
    yes_by: tuple[UUID, ...]
    own: bool
    said_yes: bool
    late: bool
    pays_on: date


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a history. `what` is a code, `code` says more, `reason` is a rejecter's text."""

    happened_at: datetime
    what: str
    payment_id: UUID
    person_id: UUID | None = None
    code: str | None = None
    reason: Sealed | None = None


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    version: int
    tiers: tuple[PolicyTier, ...]
    effective_at: datetime
    set_by: UUID | None
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the client: `name` is None until the person has been introduced."""

    user_id: UUID
    name: Sealed | None
    approves: bool


@dataclass(frozen=True, slots=True)
class ClientFacts:
    name: str
    country: str
    time_zone: str


def inbox(sql: sa.Connection, tenant_id: UUID, person_id: UUID, now: datetime) -> list[Shown]:
    """What awaits an answer: what this person can answer first, then by latest hour.

    What the person put forward is listed too, since it says who else must answer it. Empty for a
    person who may not approve.
    """
    known = people(sql, tenant_id).get(person_id)
    if known is None or not known.approves:
        return []
    where = item.c.state == ItemState.AWAITING
    rows = _shown(sql, tenant_id, person_id, now, where)
    return sorted(rows, key=lambda one: (one.own or one.said_yes, not one.item.warnings))


def shown(
    sql: sa.Connection,
    tenant_id: UUID,
    person_id: UUID,
    now: datetime,
    request_id: UUID,
    payment_id: UUID | None = None,
) -> list[Shown]:
    """A request's payments, or one of them, whatever their state; none where there is no such."""
    where = item.c.request_id == request_id
    if payment_id is not None:
        where &= item.c.payment_id == payment_id
    return _shown(sql, tenant_id, person_id, now, where)


def answered(
    sql: sa.Connection, tenant_id: UUID, person_id: UUID, now: datetime, limit: int = 50
) -> list[Shown]:
    """What has been decided or has ended, newest first."""
    where = item.c.state != ItemState.AWAITING
    return _shown(sql, tenant_id, person_id, now, where, newest=limit)


def history(sql: sa.Connection, tenant_id: UUID, request_id: UUID) -> list[Happening]:
    """Everything that happened to a request, and what became of its payments, oldest first."""
    own = sql.execute(
        sa.select(happening)
        .where(happening.c.tenant_id == tenant_id, happening.c.request_id == request_id)
        .order_by(happening.c.position, happening.c.payment_id)
    )
    lines = [
        (
            row.position,
            Happening(
                row.happened_at, row.what, row.payment_id, row.person_id, row.code,
                None if row.reason is None else msgspec.convert(row.reason, Sealed),
            ),
        )
        for row in own
    ]  # fmt: skip
    followed = sql.execute(
        sa.select(course)
        .join(item, sa.and_(item.c.tenant_id == course.c.tenant_id,
                            item.c.payment_id == course.c.payment_id))
        .where(course.c.tenant_id == tenant_id, item.c.request_id == request_id)
    )  # fmt: skip
    lines += [
        (row.position, Happening(row.happened_at, row.state, row.payment_id, code=row.code))
        for row in followed
    ]
    return [line for _, line in sorted(lines, key=lambda line: line[0])]


def policy_versions(sql: sa.Connection, tenant_id: UUID) -> list[PolicyVersion]:
    """All versions, newest first."""
    rows = sql.execute(
        sa.select(policy_version)
        .where(policy_version.c.tenant_id == tenant_id)
        .order_by(policy_version.c.version.desc())
    )
    return [
        PolicyVersion(
            row.version,
            msgspec.convert(row.tiers, tuple[PolicyTier, ...]),
            row.effective_at,
            row.set_by,
            row.set_at,
        )
        for row in rows
    ]


def people(sql: sa.Connection, tenant_id: UUID) -> dict[UUID, Known]:
    rows = sql.execute(sa.select(person).where(person.c.tenant_id == tenant_id))
    return {
        row.user_id: Known(
            row.user_id,
            None if row.name is None else msgspec.convert(row.name, Sealed),
            approves=APPROVER in row.roles,
        )
        for row in rows
    }


def client_facts(sql: sa.Connection, tenant_id: UUID) -> ClientFacts | None:
    row = sql.execute(sa.select(client).where(client.c.tenant_id == tenant_id)).one_or_none()
    return None if row is None else ClientFacts(row.name, row.country, row.time_zone)


def open_requests(sql: sa.Connection, tenant_id: UUID) -> Sequence[UUID]:
    """The requests of which something still awaits an answer."""
    return _requests(sql, tenant_id, sa.true())


def requests_awaiting(
    sql: sa.Connection, tenant_id: UUID, payment_id: UUID, up_to_revision: int
) -> Sequence[UUID]:
    """The requests in which this payment, in this or an earlier revision, awaits an answer."""
    return _requests(
        sql,
        tenant_id,
        sa.and_(item.c.payment_id == payment_id, item.c.revision <= up_to_revision),
    )


def requests_with_yes_of(sql: sa.Connection, tenant_id: UUID, person_id: UUID) -> Sequence[UUID]:
    """The requests in which this person has said yes to something that still awaits another's."""
    said = sa.select(yes.c.request_id).where(
        yes.c.tenant_id == tenant_id, yes.c.approver_id == person_id
    )
    return _requests(sql, tenant_id, item.c.request_id.in_(said))


def _requests(sql: sa.Connection, tenant_id: UUID, where: sa.ColumnElement[bool]) -> Sequence[UUID]:
    query = (
        sa.select(item.c.request_id)
        .where(item.c.tenant_id == tenant_id, item.c.state == ItemState.AWAITING, where)
        .distinct()
        .order_by(item.c.request_id)
    )
    return sql.execute(query).scalars().all()


def _shown(
    sql: sa.Connection,
    tenant_id: UUID,
    person_id: UUID,
    now: datetime,
    where: sa.ColumnElement[bool],
    newest: int | None = None,
) -> list[Shown]:
    query = sa.select(item).where(item.c.tenant_id == tenant_id, where)
    if newest is None:
        query = query.order_by(item.c.latest_approval_at, item.c.payment_id)
    else:
        query = query.order_by(item.c.changed_at.desc(), item.c.payment_id).limit(newest)
    rows = sql.execute(query).all()
    said = _yes_by(sql, tenant_id, {row.request_id for row in rows})
    facts = client_facts(sql, tenant_id)
    return [_one(row, person_id, now, said, facts) for row in rows]


def _yes_by(
    sql: sa.Connection, tenant_id: UUID, requests: set[UUID]
) -> dict[tuple[UUID, UUID], tuple[UUID, ...]]:
    found: dict[tuple[UUID, UUID], tuple[UUID, ...]] = {}
    rows = sql.execute(
        sa.select(yes)
        .where(yes.c.tenant_id == tenant_id, yes.c.request_id.in_(requests))
        .order_by(yes.c.granted_at)
    )
    for row in rows:
        key = (row.request_id, row.payment_id)
        found[key] = (*found.get(key, ()), row.approver_id)
    return found


def _one(
    row: Any,
    person_id: UUID,
    now: datetime,
    said: dict[tuple[UUID, UUID], tuple[UUID, ...]],
    facts: ClientFacts | None,
) -> Shown:
    one = msgspec.convert(row.item, Item)
    yes_by = said.get((row.request_id, row.payment_id), ())
    place = Client(country=facts.country, time_zone=facts.time_zone) if facts else Client()
    calendar = calendar_for(place.country, one.amount.currency)
    return Shown(
        request_id=row.request_id,
        item=one,
        state=ItemState(row.state),
        because=row.because,
        sought_by=row.sought_by,
        sought_at=row.sought_at,
        policy_version=row.policy_version,
        yes_by=yes_by,
        own=row.sought_by == person_id,
        said_yes=person_id in yes_by,
        late=now > one.latest_approval_at,
        pays_on=pays_on(one.pay_on, one.latest_approval_at, now, calendar, place.zone),
    )
