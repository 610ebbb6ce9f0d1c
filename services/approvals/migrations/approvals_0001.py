"""The links in mails: kept as hashes, not derived from events, and so not rebuilt from them."""

from __future__ import annotations

from alembic import op

revision = "approvals_0001"
down_revision = None
branch_labels = ("approvals",)
depends_on = "store_0001"

_LINK = """
create table link (
    token_hash  bytea primary key check (length(token_hash) = 32),
    tenant_id   uuid not null,
    request_id  uuid not null,
    approver_id uuid not null,
    digest      text not null,
    expires_at  timestamptz not null
);
create index link_of_request on link (tenant_id, request_id, approver_id);
create index link_of_approver on link (tenant_id, approver_id);
alter table link enable row level security;
alter table link force row level security;
create policy own_tenants on link to approvals_app using (tenant_id = any(
    nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert, delete on link to approvals_app;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_LINK)
