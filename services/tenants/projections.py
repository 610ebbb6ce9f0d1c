"""How events become rows. All are inline: whoever has lost a role has lost it with the next click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from services.tenants import tables
from services.tenants.events import (
    AdministratorAppointed,
    AdministratorDismissed,
    AgencyRegistered,
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
from shared.projecting.projection import Projection

agencies = Projection("agencies", tables.agency, tables.administrator, tables.agency_client)
clients = Projection("clients", tables.client)
members = Projection("members", tables.member, tables.role)
INLINE: Final[Sequence[Projection]] = (agencies, clients, members)


@agencies.on(AgencyRegistered)
def agency_registered(recorded: Recorded[AgencyRegistered], sql: sa.Connection) -> None:
    sql.execute(
        tables.agency.insert().values(tenant_id=recorded.tenant_id, name=recorded.event.name)
    )


@agencies.on(AdministratorAppointed)
def administrator_appointed(recorded: Recorded[AdministratorAppointed], sql: sa.Connection) -> None:
    sql.execute(tables.administrator.insert().values(**_person(recorded)))


@agencies.on(AdministratorDismissed)
def administrator_dismissed(recorded: Recorded[AdministratorDismissed], sql: sa.Connection) -> None:
    _delete(sql, tables.administrator, **_person(recorded))


@agencies.on(ClientTakenOn)
def client_taken_on(recorded: Recorded[ClientTakenOn], sql: sa.Connection) -> None:
    sql.execute(
        tables.agency_client.insert().values(
            tenant_id=recorded.tenant_id, client_id=recorded.event.client_id
        )
    )


@agencies.on(ClientLetGo)
def client_let_go(recorded: Recorded[ClientLetGo], sql: sa.Connection) -> None:
    _delete(
        sql,
        tables.agency_client,
        tenant_id=recorded.tenant_id,
        client_id=recorded.event.client_id,
    )


@clients.on(ClientAttached)
def client_attached(recorded: Recorded[ClientAttached], sql: sa.Connection) -> None:
    event = recorded.event
    sql.execute(
        tables.client.insert().values(
            tenant_id=recorded.tenant_id,
            agency_id=event.agency_id,
            name=event.name,
            country=event.country,
            time_zone=event.time_zone,
            language=event.language,
        )
    )


@clients.on(ClientDetached)
def client_detached(recorded: Recorded[ClientDetached], sql: sa.Connection) -> None:
    _delete(sql, tables.client, tenant_id=recorded.tenant_id)


@members.on(UserInvited)
def user_invited(recorded: Recorded[UserInvited], sql: sa.Connection) -> None:
    event = recorded.event
    sql.execute(
        tables.member.insert().values(
            sealed_name=event.name.sealed,
            sealed_email=event.email.sealed,
            language=event.language,
            **_person(recorded),
        )
    )


@members.on(RoleGranted)
def role_granted(recorded: Recorded[RoleGranted], sql: sa.Connection) -> None:
    sql.execute(tables.role.insert().values(role=recorded.event.role, **_person(recorded)))


@members.on(RoleRevoked)
def role_revoked(recorded: Recorded[RoleRevoked], sql: sa.Connection) -> None:
    _delete(sql, tables.role, role=recorded.event.role, **_person(recorded))


@members.on(UserDisabled)
def user_disabled(recorded: Recorded[UserDisabled], sql: sa.Connection) -> None:
    person = _person(recorded)
    _delete(sql, tables.role, **person)
    sql.execute(
        tables.member.update()
        .where(*_equal(tables.member, person))
        .values(disabled_at=recorded.meta.recorded_at)
    )


def _person(recorded: Recorded[Any]) -> dict[str, Any]:
    return {"tenant_id": recorded.tenant_id, "user_id": recorded.event.user_id}


def _delete(sql: sa.Connection, table: sa.Table, **key: Any) -> None:
    sql.execute(table.delete().where(*_equal(table, key)))


def _equal(table: sa.Table, key: dict[str, Any]) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == value for name, value in key.items()]
