"""The debtors' links, kept as hashes, and trials of settings: what follows from no event."""

from __future__ import annotations

from alembic import op

revision = "dunning_0001"
down_revision = None
branch_labels = ("dunning",)
depends_on = "store_0001"

_PORTAL_LINK = """
create table portal_link (
    token_hash bytea primary key check (length(token_hash) = 32),
    tenant_id  uuid not null,
    debtor_id  uuid not null,
    notice_id  uuid not null,
    issued_at  timestamptz not null,
    expires_at timestamptz not null
);
create index portal_link_of_debtor on portal_link (tenant_id, debtor_id);
alter table portal_link enable row level security;
alter table portal_link force row level security;
create policy own_tenants on portal_link to dunning_app using (tenant_id = any(
    nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert, delete on portal_link to dunning_app;
"""
_TRIAL = """
create table trial (
    tenant_id  uuid not null,
    trial_id   uuid not null,
    change     jsonb not null,
    from_on    date not null,
    through_on date not null,
    asked_by   uuid not null,
    asked_at   timestamptz not null,
    debtors    integer not null,
    done       integer not null default 0,
    before     jsonb not null,
    after      jsonb not null,
    ended_at   timestamptz,
    primary key (tenant_id, trial_id)
);
create index trial_asked on trial (tenant_id, asked_at);
alter table trial enable row level security;
alter table trial force row level security;
create policy own_tenants on trial to dunning_app using (tenant_id = any(
    nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert, update, delete on trial to dunning_app;
"""
_TRIAL_DEBTOR = """
create table trial_debtor (
    tenant_id uuid not null,
    trial_id  uuid not null,
    debtor_id uuid not null,
    before    jsonb not null,
    after     jsonb not null,
    primary key (tenant_id, trial_id, debtor_id),
    foreign key (tenant_id, trial_id) references trial on delete cascade
);
alter table trial_debtor enable row level security;
alter table trial_debtor force row level security;
create policy own_tenants on trial_debtor to dunning_app using (tenant_id = any(
    nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert, delete on trial_debtor to dunning_app;
"""


def upgrade() -> None:
    for table in (_PORTAL_LINK, _TRIAL, _TRIAL_DEBTOR):
        op.get_bind().exec_driver_sql(table)
