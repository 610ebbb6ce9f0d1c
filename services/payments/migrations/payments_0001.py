"""Accounts that are paid from, each one client's. Not derived from events: it looks across clients."""

from __future__ import annotations

from alembic import op

revision = "payments_0001"
down_revision = None
branch_labels = ("payments",)
depends_on = "store_0001"

# The key is the fingerprint alone: two clients cannot both hold one, though neither sees the other's.
_PAYER_ACCOUNT = """
create table payer_account (
    fingerprint text primary key check (length(fingerprint) = 32),
    tenant_id   uuid not null
);
alter table payer_account enable row level security;
alter table payer_account force row level security;
create policy own_tenants on payer_account to payments_app using (tenant_id = any(
    nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert on payer_account to payments_app;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_PAYER_ACCOUNT)
