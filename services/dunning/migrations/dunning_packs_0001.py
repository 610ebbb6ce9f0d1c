"""Frozen packs of reports, by their hash."""

from __future__ import annotations

from alembic import op

revision = "dunning_packs_0001"
down_revision = None
branch_labels = ("dunning_packs",)
depends_on = "store_0001"

_FROZEN_PACK = """
create table frozen_pack (
    tenant_id uuid not null,
    sha256    text not null check (length(sha256) = 64),
    bytes     bytea not null,
    primary key (tenant_id, sha256)
);
alter table frozen_pack enable row level security;
alter table frozen_pack force row level security;
create policy own_tenants on frozen_pack to dunning_app using (tenant_id = any(
    nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert on frozen_pack to dunning_app;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_FROZEN_PACK)
