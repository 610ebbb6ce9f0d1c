"""Own events as rows: people, clients and the log of deliveries, in the transaction that records.

All at once, since the next mail's rules ask them: who holds a role, who may be written to, how many
mails went lately.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from services.notifications import tables
from services.notifications.events import (
    AddressFailed,
    ClientBranded,
    ClientIntroduced,
    DeliveryArrived,
    DeliveryBounced,
    DeliveryGathered,
    DeliveryIntended,
    DeliveryJoined,
    DeliveryRefused,
    DeliveryRepeated,
    DeliverySent,
    DeviceForgotten,
    DeviceRegistered,
    ListSubscribed,
    ListUnsubscribed,
    OutcomeLost,
    PersonDisabled,
    PersonIntroduced,
    RoleLost,
    RoleTaken,
)
from services.notifications.model.delivery import State
from services.notifications.values import Channel, Notice
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

people = Projection("people", tables.person, tables.role, tables.device)
clients = Projection("clients", tables.client, tables.branding)
deliveries = Projection("deliveries", tables.delivery)


def put_person(recorded: Recorded[Any], person_id: UUID, sql: sa.Connection, **values: Any) -> None:
    rows.ensure(tables.person, recorded, sql, person_id=person_id)
    rows.change(tables.person, recorded, sql, {"person_id": person_id}, **values)


@people.on(PersonIntroduced)
def person_introduced(recorded: Recorded[PersonIntroduced], sql: sa.Connection) -> None:
    event = recorded.event
    put_person(
        recorded,
        event.person_id,
        sql,
        name=msgspec.json.encode(event.name),
        email=msgspec.json.encode(event.email),
        language=event.language,
        disabled=False,
        # Told with the same address, for another name say, it is still the one that failed.
        address_failed=sa.and_(
            tables.person.c.address_failed,
            tables.person.c.email == msgspec.json.encode(event.email),
        ),
    )


@people.on(PersonDisabled)
def person_disabled(recorded: Recorded[PersonDisabled], sql: sa.Connection) -> None:
    put_person(recorded, recorded.event.person_id, sql, disabled=True)
    rows.remove(tables.device, recorded, sql, person_id=recorded.event.person_id)


@people.on(AddressFailed)
def address_failed(recorded: Recorded[AddressFailed], sql: sa.Connection) -> None:
    put_person(recorded, recorded.event.person_id, sql, address_failed=True)


@people.on(RoleTaken)
def role_taken(recorded: Recorded[RoleTaken], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(tables.role, recorded, sql, person_id=event.person_id, role=event.role)


@people.on(RoleLost)
def role_lost(recorded: Recorded[RoleLost], sql: sa.Connection) -> None:
    lost = recorded.event
    rows.remove(tables.role, recorded, sql, person_id=lost.person_id, role=lost.role)


@people.on(DeviceRegistered)
def device_registered(recorded: Recorded[DeviceRegistered], sql: sa.Connection) -> None:
    event = recorded.event
    rows.put(
        tables.device,
        recorded,
        sql,
        {"device_id": event.device_id},
        person_id=event.person_id,
        subscription=msgspec.json.encode(event.subscription),
        registered_at=event.registered_at,
    )


@people.on(DeviceForgotten)
def device_forgotten(recorded: Recorded[DeviceForgotten], sql: sa.Connection) -> None:
    # Its former owner's: where somebody else has registered it since, the row is theirs.
    gone = recorded.event
    rows.remove(tables.device, recorded, sql, device_id=gone.device_id, person_id=gone.person_id)


@people.on(ListSubscribed)
def list_subscribed(recorded: Recorded[ListSubscribed], sql: sa.Connection) -> None:
    put_person(recorded, recorded.event.person_id, sql, wants_list=True)


@people.on(ListUnsubscribed)
def list_unsubscribed(recorded: Recorded[ListUnsubscribed], sql: sa.Connection) -> None:
    put_person(recorded, recorded.event.person_id, sql, wants_list=False)


@clients.on(ClientIntroduced)
def client_introduced(recorded: Recorded[ClientIntroduced], sql: sa.Connection) -> None:
    introduced = recorded.event
    rows.put(
        tables.client,
        recorded,
        sql,
        {},
        name=introduced.name,
        time_zone=introduced.time_zone,
        country=introduced.country,
        language=introduced.language,
    )


@clients.on(ClientBranded)
def client_branded(recorded: Recorded[ClientBranded], sql: sa.Connection) -> None:
    encoded = msgspec.json.encode(recorded.event.branding)
    rows.put(tables.branding, recorded, sql, {}, branding=encoded)


def open_row(recorded: Recorded[Any], notice: Notice, sql: sa.Connection, **values: Any) -> None:
    at = recorded.meta.recorded_at
    rows.add(
        tables.delivery,
        recorded,
        sql,
        delivery_id=recorded.aggregate_id,
        recipient_id=notice.recipient_id,
        occasion=notice.occasion.value,
        subject_id=notice.subject_id,
        person_id=notice.person_id,
        payments=notice.count,
        intended_at=at,
        changed_at=at,
        **values,
    )


def change_row(recorded: Recorded[Any], state: State, sql: sa.Connection, **values: Any) -> None:
    mine, at = {"delivery_id": recorded.aggregate_id}, recorded.meta.recorded_at
    rows.change(tables.delivery, recorded, sql, mine, state=state.value, changed_at=at, **values)


@deliveries.on(DeliveryIntended)
def delivery_intended(recorded: Recorded[DeliveryIntended], sql: sa.Connection) -> None:
    event = recorded.event
    open_row(
        recorded,
        event.notice,
        sql,
        channel=Channel.MAIL.value if event.device_id is None else Channel.PUSH.value,
        device_id=event.device_id,
        state=State.INTENDED.value,
    )


@deliveries.on(DeliveryGathered)
def delivery_gathered(recorded: Recorded[DeliveryGathered], sql: sa.Connection) -> None:
    event = recorded.event
    open_row(
        recorded,
        event.notice,
        sql,
        channel=Channel.MAIL.value,
        state=State.GATHERED.value,
        until_at=event.until_at,
    )


@deliveries.on(DeliveryJoined)
def delivery_joined(recorded: Recorded[DeliveryJoined], sql: sa.Connection) -> None:
    change_row(recorded, State.JOINED, sql)


@deliveries.on(DeliverySent)
def delivery_sent(recorded: Recorded[DeliverySent], sql: sa.Connection) -> None:
    change_row(recorded, State.SENT, sql, code=None)


@deliveries.on(DeliveryRefused)
def delivery_refused(recorded: Recorded[DeliveryRefused], sql: sa.Connection) -> None:
    change_row(recorded, State.REFUSED, sql, code=recorded.event.code)


@deliveries.on(OutcomeLost)
def outcome_lost(recorded: Recorded[OutcomeLost], sql: sa.Connection) -> None:
    change_row(recorded, State.UNKNOWN, sql)


@deliveries.on(DeliveryRepeated)
def delivery_repeated(recorded: Recorded[DeliveryRepeated], sql: sa.Connection) -> None:
    change_row(recorded, State.INTENDED, sql, repeats=tables.delivery.c.repeats + 1)


@deliveries.on(DeliveryArrived)
def delivery_arrived(recorded: Recorded[DeliveryArrived], sql: sa.Connection) -> None:
    change_row(recorded, State.DELIVERED, sql)


@deliveries.on(DeliveryBounced)
def delivery_bounced(recorded: Recorded[DeliveryBounced], sql: sa.Connection) -> None:
    change_row(recorded, State.BOUNCED, sql, code=recorded.event.code)
