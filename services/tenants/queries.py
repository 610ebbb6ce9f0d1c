"""The questions that pages, the API and sign-in ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
import sqlalchemy as sa

from services.tenants import tables
from services.tenants.registers import people
from services.tenants.registers.people import Person
from services.tenants.values import Letterhead
from shared.database import Database
from shared.sealed import Sealed
from shared.vault import Vault


@dataclass(frozen=True, slots=True)
class Company:
    client_id: UUID
    name: str
    country: str
    time_zone: str
    language: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody as they are now: their name, opened, and their roles for each company."""

    person: Person
    name: str
    office: str
    companies: tuple[Company, ...]
    roles: Mapping[UUID, frozenset[str]]
    administers_agency: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works for a client, opened for the client's administrator."""

    user_id: UUID
    name: str
    email: str
    language: str
    roles: tuple[str, ...]
    disabled: bool


@dataclass(frozen=True, slots=True)
class BrandingKept:
    """`sha256` is the logo's; none without one."""

    sha256: str | None
    letterhead: Letterhead


class Directory:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def person(self, agency_id: UUID, user_id: UUID) -> Person | None:
        with self._database.transaction([agency_id]) as transaction:
            return people.find(transaction.raw, agency_id, user_id)

    def choose_language(self, agency_id: UUID, user_id: UUID, language: str) -> None:
        """The language of this person's pages from now on."""
        with self._database.transaction([agency_id]) as transaction:
            people.speak(transaction.raw, agency_id, user_id, language)

    def branding(self, client_id: UUID) -> BrandingKept:
        with self._database.transaction([client_id]) as transaction:
            row = transaction.sql.execute(
                sa.select(tables.branding.c.sha256, tables.branding.c.letterhead).where(
                    tables.branding.c.tenant_id == client_id
                )
            ).one_or_none()
        if row is None:
            return BrandingKept(None, Letterhead())
        return BrandingKept(row.sha256, msgspec.json.decode(row.letterhead, type=Letterhead))

    def logo(self, tenants: Sequence[UUID], sha: str) -> bytes | None:
        """A logo by its hash, if one of these clients has it."""
        with self._database.transaction(tenants) as transaction:
            found: bytes | None = transaction.sql.execute(
                sa.select(tables.branding.c.logo)
                .where(tables.branding.c.tenant_id.in_(tenants), tables.branding.c.sha256 == sha)
                .limit(1)
            ).scalar()
        return found

    def standing(self, person: Person) -> Standing:
        """What a person may do now, read within the tenants that they were ever invited to."""
        tenants = [person.agency_id, *person.works_for]
        with self._database.transaction(tenants) as transaction:
            roles = _roles_of(transaction.sql, person.user_id)
            companies = _companies(transaction.sql)
            office = transaction.sql.scalar(
                sa.select(tables.agency.c.name).where(tables.agency.c.tenant_id == person.agency_id)
            )
            administers = _administers(transaction.sql, person.agency_id, person.user_id)
        return Standing(
            person=person,
            name=self._vault.open(person.agency_id, person.name),
            office=office or "",
            companies=tuple(company for company in companies if company.client_id in roles),
            roles=roles,
            administers_agency=administers,
        )

    def administered(self, agency_id: UUID, person: Person) -> frozenset[UUID]:
        """The agency's companies of which the person says who may do what."""
        with self._database.transaction([agency_id, *person.works_for]) as transaction:
            if _administers(transaction.sql, agency_id, person.user_id):
                clients = transaction.sql.execute(
                    sa.select(tables.agency_client.c.client_id).where(
                        tables.agency_client.c.tenant_id == agency_id
                    )
                )
                return frozenset(clients.scalars())
            roles = _roles_of(transaction.sql, person.user_id)
        return frozenset(client for client, held in roles.items() if "administrator" in held)

    def company(self, client_id: UUID) -> Company | None:
        with self._database.transaction([client_id]) as transaction:
            return next(iter(_companies(transaction.sql)), None)

    def companies(self, agency_id: UUID) -> tuple[Company, ...]:
        """All clients of an agency, by name: for its administrators."""
        with self._database.transaction([agency_id]) as transaction:
            clients = transaction.sql.execute(
                sa.select(tables.agency_client.c.client_id).where(
                    tables.agency_client.c.tenant_id == agency_id
                )
            ).scalars()
            tenants = list(clients)
        with self._database.transaction(tenants) as transaction:
            return _companies(transaction.sql)

    def members(self, client_id: UUID) -> tuple[Member, ...]:
        """Who works for a client, by name; the disabled ones too, since they once did."""
        with self._database.transaction([client_id]) as transaction:
            rows = transaction.sql.execute(
                sa.select(tables.member).where(tables.member.c.tenant_id == client_id)
            ).all()
            roles = transaction.sql.execute(
                sa.select(tables.role.c.user_id, tables.role.c.role).where(
                    tables.role.c.tenant_id == client_id
                )
            ).all()
        members = [
            Member(
                user_id=row.user_id,
                name=self._vault.open(client_id, Sealed(row.user_id, row.sealed_name)),
                email=self._vault.open(client_id, Sealed(row.user_id, row.sealed_email)),
                language=row.language,
                roles=tuple(sorted(role for user, role in roles if user == row.user_id)),
                disabled=row.disabled_at is not None,
            )
            for row in rows
        ]
        return tuple(sorted(members, key=lambda member: (member.name, member.user_id)))


def _companies(sql: sa.Connection) -> tuple[Company, ...]:
    """Those within the scope of the transaction, by name."""
    columns = tables.client.c
    rows = sql.execute(
        sa.select(
            columns.tenant_id, columns.name, columns.country, columns.time_zone, columns.language
        ).order_by(columns.name, columns.tenant_id)
    )
    return tuple(Company(*row) for row in rows)


def _roles_of(sql: sa.Connection, user_id: UUID) -> dict[UUID, frozenset[str]]:
    """Per client that is still attached; clients without a role of theirs are not named."""
    rows = sql.execute(
        sa.select(tables.role.c.tenant_id, tables.role.c.role)
        .join(tables.client, tables.client.c.tenant_id == tables.role.c.tenant_id)
        .where(tables.role.c.user_id == user_id)
    ).all()
    return {
        client: frozenset(role for where, role in rows if where == client)
        for client in sorted({client for client, _ in rows})
    }


def _administers(sql: sa.Connection, agency_id: UUID, user_id: UUID) -> bool:
    found = sql.scalar(
        sa.select(sa.literal(1)).where(
            tables.administrator.c.tenant_id == agency_id,
            tables.administrator.c.user_id == user_id,
        )
    )
    return found is not None
