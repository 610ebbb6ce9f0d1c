"""What is asked of the read tables. Each question is put for one tenant, or for those one may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
import sqlalchemy as sa

from services.notifications.model.delivery import State
from services.notifications.tables import client, delivery, device, person, role
from services.notifications.values import Channel, OccasionName
from shared.sealed import Sealed

KEEPERS: Final = ("bookkeeper", "operations")
_HELD_BACK: Final = (State.GATHERED.value, State.JOINED.value)
_decode = msgspec.json.Decoder(Sealed).decode


@dataclass(frozen=True, slots=True)
class Addressee:
    """How to write to a person, and whether we may. `email` is none before they were introduced."""

    name: Sealed | None
    email: Sealed | None
    language: str
    disabled: bool
    address_failed: bool


@dataclass(frozen=True, slots=True)
class Device:
    """One of a person's devices; where it is told and how stays sealed."""

    device_id: UUID
    subscription: Sealed
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class ClientFacts:
    name: str
    time_zone: str
    country: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a delivery has come."""

    state: State
    repeats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One delivery in the log: whom by id only."""

    delivery_id: UUID
    recipient_id: UUID
    occasion: str
    subject_id: UUID
    payments: int
    channel: str
    device_id: UUID | None
    state: str
    code: str | None
    repeats: int
    intended_at: datetime
    changed_at: datetime


def addressee(sql: sa.Connection, tenant_id: UUID, person_id: UUID) -> Addressee | None:
    columns = (
        person.c.name,
        person.c.email,
        person.c.language,
        person.c.disabled,
        person.c.address_failed,
    )
    row = sql.execute(
        sa.select(*columns).where(person.c.tenant_id == tenant_id, person.c.person_id == person_id)
    ).one_or_none()
    if row is None:
        return None
    return Addressee(
        name=None if row.name is None else _decode(row.name),
        email=None if row.email is None else _decode(row.email),
        language=row.language,
        disabled=row.disabled,
        address_failed=row.address_failed,
    )


def devices(sql: sa.Connection, tenant_id: UUID, person_id: UUID) -> list[Device]:
    """A person's devices, the first registered first."""
    query = (
        sa.select(device.c.device_id, device.c.subscription, device.c.registered_at)
        .where(device.c.tenant_id == tenant_id, device.c.person_id == person_id)
        .order_by(device.c.registered_at, device.c.device_id)
    )
    return [
        Device(row.device_id, _decode(row.subscription), row.registered_at)
        for row in sql.execute(query)
    ]


def owner_of(sql: sa.Connection, tenant_id: UUID, device_id: UUID) -> UUID | None:
    found: UUID | None = sql.execute(
        sa.select(device.c.person_id).where(
            device.c.tenant_id == tenant_id, device.c.device_id == device_id
        )
    ).scalar()
    return found


def client_facts(sql: sa.Connection, tenant_id: UUID) -> ClientFacts | None:
    row = sql.execute(
        sa.select(client.c.name, client.c.time_zone, client.c.country).where(
            client.c.tenant_id == tenant_id
        )
    ).one_or_none()
    return None if row is None else ClientFacts(row.name, row.time_zone, row.country)


def keepers(sql: sa.Connection, tenant_id: UUID) -> list[UUID]:
    """Whoever looks after the client's payments and has not been disabled."""
    disabled = sa.select(person.c.person_id).where(
        person.c.tenant_id == tenant_id, person.c.disabled
    )
    query = (
        sa.select(role.c.person_id)
        .distinct()
        .where(
            role.c.tenant_id == tenant_id,
            role.c.role.in_(KEEPERS),
            role.c.person_id.not_in(disabled),
        )
        .order_by(role.c.person_id)
    )
    return list(sql.execute(query).scalars())


def asker_of(sql: sa.Connection, tenant_id: UUID, request_id: UUID) -> UUID | None:
    """Who sought the approvals of a request, as the mails that asked for them say."""
    found: UUID | None = sql.execute(
        sa.select(delivery.c.person_id)
        .where(
            delivery.c.tenant_id == tenant_id,
            delivery.c.subject_id == request_id,
            delivery.c.occasion == OccasionName.APPROVAL_REQUESTED.value,
        )
        .limit(1)
    ).scalar()
    return found


def mails_since(
    sql: sa.Connection, tenant_id: UUID, recipient_id: UUID, occasion: OccasionName, at: datetime
) -> int:
    """How many mails of an occasion were meant for a reader since then; held-back ones are none."""
    return sql.execute(
        sa.select(sa.func.count())
        .select_from(delivery)
        .where(
            delivery.c.tenant_id == tenant_id,
            delivery.c.recipient_id == recipient_id,
            delivery.c.occasion == occasion.value,
            delivery.c.intended_at >= at,
            delivery.c.channel == Channel.MAIL.value,
            delivery.c.state.not_in(_HELD_BACK),
        )
    ).scalar_one()


def gathered(
    sql: sa.Connection,
    tenant_id: UUID,
    recipient_id: UUID,
    occasion: OccasionName,
    due_at: datetime,
) -> list[UUID]:
    """The deliveries that wait for the digest of this instant, in the order of their events."""
    query = (
        sa.select(delivery.c.delivery_id)
        .where(
            delivery.c.tenant_id == tenant_id,
            delivery.c.recipient_id == recipient_id,
            delivery.c.occasion == occasion.value,
            delivery.c.state == State.GATHERED.value,
            delivery.c.until_at <= due_at,
        )
        .order_by(delivery.c.intended_at, delivery.c.delivery_id)
    )
    return list(sql.execute(query).scalars())


def progress(sql: sa.Connection, tenant_id: UUID, delivery_id: UUID) -> Progress:
    row = sql.execute(
        sa.select(delivery.c.state, delivery.c.repeats).where(
            delivery.c.tenant_id == tenant_id, delivery.c.delivery_id == delivery_id
        )
    ).one()
    return Progress(State(row.state), row.repeats)


def tenant_of(sql: sa.Connection, delivery_id: UUID) -> UUID | None:
    """Whose mail this is: asked by the role `reader`, since a bounce does not say it."""
    found: UUID | None = sql.execute(
        sa.select(delivery.c.tenant_id).where(
            delivery.c.delivery_id == delivery_id, delivery.c.channel == Channel.MAIL.value
        )
    ).scalar()
    return found


def delivery_log(
    sql: sa.Connection, tenant_id: UUID, *, limit: int, after: UUID | None = None
) -> list[LogLine]:
    """The newest deliveries first; `after` goes on behind the last one seen."""
    columns = [delivery.c[name] for name in LogLine.__dataclass_fields__]
    order = sa.tuple_(delivery.c.intended_at, delivery.c.delivery_id)
    query = (
        sa.select(*columns)
        .where(delivery.c.tenant_id == tenant_id)
        .order_by(delivery.c.intended_at.desc(), delivery.c.delivery_id.desc())
        .limit(limit)
    )
    if after is not None:
        seen = delivery.alias()
        place = sa.select(seen.c.intended_at, seen.c.delivery_id).where(
            seen.c.tenant_id == tenant_id, seen.c.delivery_id == after
        )
        query = query.where(order < place.scalar_subquery())
    return [LogLine(**row) for row in sql.execute(query).mappings()]


def names_of(sql: sa.Connection, tenant_id: UUID, people: Collection[UUID]) -> dict[UUID, Sealed]:
    """The sealed names of those who have been introduced."""
    query = sa.select(person.c.person_id, person.c.name).where(
        person.c.tenant_id == tenant_id, person.c.person_id.in_(people), person.c.name.is_not(None)
    )
    return {person_id: _decode(name) for person_id, name in sql.execute(query)}


def counts_by_state(
    sql: sa.Connection, tenants: Sequence[UUID], since: datetime
) -> dict[State, int]:
    """For operations: how many deliveries stand in which state, of those begun since then."""
    query = (
        sa.select(delivery.c.state, sa.func.count())
        .where(delivery.c.tenant_id.in_(tenants), delivery.c.intended_at >= since)
        .group_by(delivery.c.state)
    )
    found = {State(state): count for state, count in sql.execute(query)}
    return {state: found.get(state, 0) for state in State}
