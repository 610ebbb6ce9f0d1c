"""Whether a database keeps tenants apart, asked of its catalogue before a service starts on it."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg

# A role is what it may become, too: by `set role`, or without a word where it inherits.
_PRIVILEGED: LiteralString = """
    select format('%s is or may become %s, a superuser or past row security', current_user, rolname)
    from pg_roles
    where (rolsuper or rolbypassrls) and pg_has_role(current_user, oid, 'member')
    union all
    select format('%s owns the table %s.%s', tableowner, schemaname, tablename) from pg_tables
    where pg_has_role(current_user, tableowner, 'member')
"""
_UNFORCED: LiteralString = """
    select format('%s.%s holds tenants'' rows without forced row security', nspname, relname)
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p') and nspname in ('public', 'read')
      and exists (select from pg_attribute
                  where attrelid = pg_class.oid and attname = 'tenant_id' and not attisdropped)
      and not (relrowsecurity and relforcerowsecurity)
"""


class NotIsolated(Exception):
    """The service refuses to start: each line is one hole."""


def holes(connection: psycopg.Connection[Any]) -> list[str]:
    """What would let a tenant's rows be seen by another, in sentences; empty is good."""
    return [
        row[0] for query in (_PRIVILEGED, _UNFORCED) for row in connection.execute(query).fetchall()
    ]


def refuse_holes(dsn: str) -> None:
    """Raise NotIsolated unless the role and the tables keep tenants apart."""
    with psycopg.connect(dsn) as connection:
        found = holes(connection)
    if found:
        raise NotIsolated("\n".join(found))
