"""Kept documents, by their hash. They are what was received, so no event can make them again."""

from __future__ import annotations

from alembic import op

revision = "sync_0001"
down_revision = None
branch_labels = ("sync",)
depends_on = "store_0001"

_COPY = """
create table copy (
    tenant_id  uuid not null,
    sha256     text not null check (length(sha256) = 64),
    media_type text not null,
    bytes      bytea not null,
    primary key (tenant_id, sha256)
);
alter table copy enable row level security;
alter table copy force row level security;
create policy own_tenants on copy to sync_app using (tenant_id = any(
    nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert on copy to sync_app;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_COPY)
