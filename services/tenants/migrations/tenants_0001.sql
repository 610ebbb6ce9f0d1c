-- One row per person and agency. `tenant_id` is the agency's id. `works_for` holds every client that
-- the person was ever invited to: what they may see is read within these and no other tenants.
create table person (
    tenant_id         uuid not null,
    user_id           uuid not null,
    email_fingerprint text not null,
    sealed_name       text not null,
    sealed_email      text not null,
    language          text not null,
    works_for         uuid[] not null default '{}',
    disabled_at       timestamptz,
    primary key (tenant_id, user_id)
);
-- Somebody who was disabled and is invited anew is a new person.
create unique index person_email on person (tenant_id, email_fingerprint) where disabled_at is null;

-- A session is known by the SHA-256 of its cookie: whoever reads this table cannot sign in with it.
create table session (
    digest     bytea primary key check (length(digest) = 32),
    tenant_id  uuid not null,
    user_id    uuid not null,
    opened_at  timestamptz not null,
    expires_at timestamptz not null,
    closed_at  timestamptz,
    foreign key (tenant_id, user_id) references person (tenant_id, user_id)
);
create index session_of_person on session (tenant_id, user_id) where closed_at is null;

alter table person enable row level security;
alter table person force row level security;
create policy own_tenants on person to {service}_app using (tenant_id = any(
    nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert, update on person to {service}_app;

alter table session enable row level security;
alter table session force row level security;
create policy own_tenants on session to {service}_app using (tenant_id = any(
    nullif(current_setting('app.tenants', true), '')::uuid[]));
-- Nobody knows a visitor's tenant before the session is found: who presents a cookie sees its row.
create policy own_session on session for select to {service}_app using (
    digest = decode(nullif(current_setting('app.session', true), ''), 'hex'));
grant select, insert on session to {service}_app;
grant update (closed_at) on session to {service}_app;
