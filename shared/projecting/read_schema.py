"""The schema `read`: a service's read tables, made from their definitions and never migrated.

Each table has a column `tenant_id` and is closed by row security to whoever has not named the
tenant. The projector sees and writes all tenants' rows. The definitions' fingerprint is kept as the
schema's comment, so that a change is noticed and answered by a rebuild.
"""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

SCHEMA = "read"
# The tenants are read once a query, by a sub-query of their own, and not once a row.
_OPEN_ROWS = """
    alter table {schema}.{table} enable row level security;
    alter table {schema}.{table} force row level security;
    create policy own_tenants on {schema}.{table} to {service}_app using (tenant_id = any((
        select nullif(current_setting('app.tenants', true), '')::uuid[])::uuid[]));
    create policy follow_all on {schema}.{table} to {service}_follower using (true);
    create policy read_all on {schema}.{table} for select to {service}_reader using (true);
    grant select, insert, update, delete on {schema}.{table} to {service}_app, {service}_follower;
    grant select on {schema}.{table} to {service}_reader;
"""


def metadata() -> sa.MetaData:
    """The metadata that a service's `tables.py` defines its read tables on."""
    return sa.MetaData(schema=SCHEMA)


def fingerprint(read: sa.MetaData) -> str:
    """Changes whenever a table or index of the definitions does."""
    statements = [str(CreateTable(table)) for table in read.sorted_tables]
    statements += [
        str(CreateIndex(index))
        for table in read.sorted_tables
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    return sha256("\n".join(statements).encode()).hexdigest()


def made(connection: sa.Connection) -> str | None:
    """The fingerprint that the read tables were made from, or None before the first time."""
    found: str | None = connection.exec_driver_sql(
        f"select obj_description('{SCHEMA}'::regnamespace)"
    ).scalar()
    return found


def make(connection: sa.Connection, read: sa.MetaData, service: str) -> None:
    """Make the tables where there are none yet."""
    if made(connection) is None:
        make_in(connection, read, service, SCHEMA)


def make_in(connection: sa.Connection, read: sa.MetaData, service: str, schema: str) -> None:
    """Make the tables in a schema of this name: the live one or a shadow beside it."""
    translated = connection.execution_options(schema_translate_map={SCHEMA: schema})
    read.create_all(translated)
    for table in read.sorted_tables:
        assert "tenant_id" in table.columns, f"{table.name} has no tenant_id"
        connection.exec_driver_sql(
            _OPEN_ROWS.format(schema=schema, table=table.name, service=service)
        )
    connection.exec_driver_sql(f"comment on schema {schema} is '{fingerprint(read)}'")
