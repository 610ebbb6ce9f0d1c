"""Who works for a client, by name."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from services.dunning.tables import people as tables
from shared.sealed import Sealed

_person = tables.person.c


def names(sql: sa.Connection, tenant_id: UUID) -> Mapping[UUID, Sealed]:
    """Everybody who ever did, by id, sealed."""
    query = sa.select(_person.user_id, _person.name).where(_person.tenant_id == tenant_id)
    return {
        row.user_id: Sealed(UUID(row.name["subject"]), row.name["sealed"])
        for row in sql.execute(query)
    }


def mentionable(sql: sa.Connection, tenant_id: UUID) -> frozenset[UUID]:
    """Those who may still sign in."""
    query = sa.select(_person.user_id).where(
        _person.tenant_id == tenant_id, sa.not_(_person.disabled)
    )
    return frozenset(sql.scalars(query))
