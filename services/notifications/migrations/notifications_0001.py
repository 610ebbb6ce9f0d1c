"""Letters as they were sent, and whose turn each delivery is. No event can make them again."""

from __future__ import annotations

from alembic import op

revision = "notifications_0001"
down_revision = None
branch_labels = ("notifications",)
depends_on = "store_0001"

_TABLES = """
create table document (
    tenant_id  uuid not null,
    sha256     text not null check (length(sha256) = 64),
    media_type text not null,
    bytes      bytea not null,
    primary key (tenant_id, sha256)
);
alter table document enable row level security;
alter table document force row level security;
create policy own_tenants on document to notifications_app using (tenant_id = any(
    nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert on document to notifications_app;
create table turn (
    tenant_id   uuid not null,
    delivery_id uuid not null,
    taken_by    text not null check (taken_by in ('sender', 'recall')),
    primary key (tenant_id, delivery_id)
);
alter table turn enable row level security;
alter table turn force row level security;
create policy own_tenants on turn to notifications_app using (tenant_id = any(
    nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert, delete on turn to notifications_app;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_TABLES)
