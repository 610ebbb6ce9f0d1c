"""The register of people: who somebody is at sign-in, and within which tenants they may look.

Not derived from events: it holds what finds a person by e-mail before any tenant is known, and
what they chose for themselves. Every function runs in the caller's transaction, scoped to the
agency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from shared.sealed import Sealed

_COLUMNS = """
    tenant_id, user_id, sealed_name, sealed_email, language, works_for, disabled_at is not null
"""
_BY_ID = f"select {_COLUMNS} from person where tenant_id = %s and user_id = %s"  # noqa: S608  ours
_ACTIVE_BY_EMAIL = f"""
    select {_COLUMNS} from person
    where tenant_id = %s and email_fingerprint = %s and disabled_at is null
    for update
"""  # noqa: S608  nothing but our own column names is put in
_ENROL = """
    insert into person (tenant_id, user_id, sealed_name, sealed_email, language, email_fingerprint)
    values (%s, %s, %s, %s, %s, %s)
    on conflict (tenant_id, email_fingerprint) where disabled_at is null do nothing
"""
_EMPLOY = """
    update person set works_for = works_for || %s::uuid
    where tenant_id = %s and user_id = %s and not %s = any(works_for)
"""
_DISABLE = """
    update person set disabled_at = %s
    where tenant_id = %s and user_id = %s and disabled_at is null
"""
_SPEAK = "update person set language = %s where tenant_id = %s and user_id = %s"

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Person:
    """`works_for` are the clients they were ever invited to, ended ones included."""

    agency_id: UUID
    user_id: UUID
    name: Sealed
    email: Sealed
    language: str
    works_for: tuple[UUID, ...] = ()
    disabled: bool = False


def find(connection: Connection, agency_id: UUID, user_id: UUID) -> Person | None:
    return _person(connection.execute(_BY_ID, (agency_id, user_id)).fetchone())


def hold(connection: Connection, agency_id: UUID, user_id: UUID) -> Person | None:
    """The same, and nobody else employs or disables the person until the transaction ends."""
    return _person(connection.execute(_BY_ID + " for update", (agency_id, user_id)).fetchone())


def hold_by_email(connection: Connection, agency_id: UUID, fingerprint: str) -> Person | None:
    """Whoever uses this e-mail at the agency now, held; somebody disabled does not."""
    return _person(connection.execute(_ACTIVE_BY_EMAIL, (agency_id, fingerprint)).fetchone())


def _person(row: tuple[Any, ...] | None) -> Person | None:
    if row is None:
        return None
    agency_id, user_id, name, email, language, works_for, disabled = row
    return Person(
        agency_id,
        user_id,
        Sealed(user_id, name),
        Sealed(user_id, email),
        language,
        tuple(works_for),
        disabled,
    )


def enrol(connection: Connection, person: Person, fingerprint: str) -> Person:
    """This person, or whoever uses the e-mail already."""
    connection.execute(
        _ENROL,
        (
            person.agency_id,
            person.user_id,
            person.name.sealed,
            person.email.sealed,
            person.language,
            fingerprint,
        ),
    )
    enrolled = hold_by_email(connection, person.agency_id, fingerprint)
    assert enrolled is not None, "the person was enrolled in this very transaction"
    return enrolled


def employ(connection: Connection, person: Person, client_id: UUID) -> None:
    """From now on the person may be granted roles at this client."""
    connection.execute(_EMPLOY, (client_id, person.agency_id, person.user_id, client_id))


def disable(connection: Connection, person: Person, at: datetime) -> None:
    connection.execute(_DISABLE, (at, person.agency_id, person.user_id))


def speak(connection: Connection, agency_id: UUID, user_id: UUID, language: str) -> None:
    """The language of the person's pages."""
    connection.execute(_SPEAK, (language, agency_id, user_id))
