"""How events become rows. All are inline: whoever has lost a role has lost it with the next click."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import msgspec
import sqlalchemy as sa

from services.tenants import tables
from services.tenants.events import (
    AdministratorAppointed,
    AdministratorDismissed,
    AgencyRegistered,
    BrandingChanged,
    ClientAttached,
    ClientDetached,
    ClientLetGo,
    ClientTakenOn,
    RoleGranted,
    RoleRevoked,
    UserDisabled,
    UserInvited,
)
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

agencies = Projection("agencies", tables.agency, tables.administrator, tables.agency_client)
clients = Projection("clients", tables.client, tables.branding)
members = Projection("members", tables.member, tables.role)
INLINE: Final[Sequence[Projection]] = (agencies, clients, members)


@agencies.on(AgencyRegistered)
def agency_registered(recorded: Recorded[AgencyRegistered], sql: sa.Connection) -> None:
    rows.add(tables.agency, recorded, sql, name=recorded.event.name)


@agencies.on(AdministratorAppointed)
def administrator_appointed(recorded: Recorded[AdministratorAppointed], sql: sa.Connection) -> None:
    rows.add(tables.administrator, recorded, sql, user_id=recorded.event.user_id)


@agencies.on(AdministratorDismissed)
def administrator_dismissed(recorded: Recorded[AdministratorDismissed], sql: sa.Connection) -> None:
    rows.remove(tables.administrator, recorded, sql, user_id=recorded.event.user_id)


@agencies.on(ClientTakenOn)
def client_taken_on(recorded: Recorded[ClientTakenOn], sql: sa.Connection) -> None:
    rows.add(tables.agency_client, recorded, sql, client_id=recorded.event.client_id)


@agencies.on(ClientLetGo)
def client_let_go(recorded: Recorded[ClientLetGo], sql: sa.Connection) -> None:
    rows.remove(tables.agency_client, recorded, sql, client_id=recorded.event.client_id)


@clients.on(BrandingChanged)
def branding_changed(recorded: Recorded[BrandingChanged], sql: sa.Connection) -> None:
    logo = recorded.event.logo
    rows.put(
        tables.branding,
        recorded,
        sql,
        {},
        sha256=sha256(logo).hexdigest() if logo else None,
        logo=logo,
        letterhead=msgspec.json.encode(recorded.event.letterhead),
    )


@clients.on(ClientAttached)
def client_attached(recorded: Recorded[ClientAttached], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        tables.client,
        recorded,
        sql,
        agency_id=event.agency_id,
        name=event.name,
        country=event.country,
        time_zone=event.time_zone,
        language=event.language,
    )


@clients.on(ClientDetached)
def client_detached(recorded: Recorded[ClientDetached], sql: sa.Connection) -> None:
    rows.remove(tables.client, recorded, sql)


@members.on(UserInvited)
def user_invited(recorded: Recorded[UserInvited], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        tables.member,
        recorded,
        sql,
        user_id=event.user_id,
        sealed_name=event.name.sealed,
        sealed_email=event.email.sealed,
        language=event.language,
    )


@members.on(RoleGranted)
def role_granted(recorded: Recorded[RoleGranted], sql: sa.Connection) -> None:
    granted = recorded.event
    rows.add(tables.role, recorded, sql, user_id=granted.user_id, role=granted.role)


@members.on(RoleRevoked)
def role_revoked(recorded: Recorded[RoleRevoked], sql: sa.Connection) -> None:
    revoked = recorded.event
    rows.remove(tables.role, recorded, sql, user_id=revoked.user_id, role=revoked.role)


@members.on(UserDisabled)
def user_disabled(recorded: Recorded[UserDisabled], sql: sa.Connection) -> None:
    user_id = recorded.event.user_id
    rows.remove(tables.role, recorded, sql, user_id=user_id)
    disabled_at = recorded.meta.recorded_at
    rows.change(tables.member, recorded, sql, {"user_id": user_id}, disabled_at=disabled_at)
