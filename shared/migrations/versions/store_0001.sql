-- The store of one service. Run by the owner; `{service}` is replaced by the service's name.
-- Four roles work on it, none of which owns a table or bypasses row security:
--   app       commands, handlers, pages: one tenant (or the reader's tenants) at a time
--   follower  projectors: read every event, write read tables
--   reader    relay and verify: select only, save for the relay's own bookkeeping
--   feed      other services' log feed: the outbox and nothing else

-- One sequence for events and outbox, so that one watermark covers both. A cache would hand out
-- positions out of order between sessions.
create sequence log_position cache 1;

create table epoch (id uuid primary key default gen_random_uuid());
insert into epoch default values;

create table event (
    tenant_id    uuid   not null,
    aggregate_id uuid   not null,
    version      bigint not null check (version >= 0),
    position     bigint not null default nextval('log_position'),
    name         text   not null,
    body         bytea  not null,
    meta         bytea  not null,
    hash         bytea  not null check (length(hash) = 32),
    primary key (tenant_id, aggregate_id, version)
);
create unique index event_position on event (position);

create table outbox (
    tenant_id uuid   not null,
    position  bigint primary key default nextval('log_position'),
    event_id  uuid   not null unique,
    topic     text   not null,
    partition int    not null,
    key       bytea  not null,
    headers   bytea  not null,
    body      bytea  not null
);
create index outbox_stream on outbox (topic, partition, position);

create function refuse_change() returns trigger language plpgsql as
$$ begin raise exception 'what has been recorded is never changed'; end $$;
create trigger event_is_kept before update or delete or truncate on event
    execute function refuse_change();
create trigger outbox_is_kept before update or delete or truncate on outbox
    execute function refuse_change();

-- Every position up to `safe` is visible or never will be (event-store watermark).
create table watermark (
    one  boolean primary key default true check (one),
    safe bigint  not null default 0
);
insert into watermark default values;

-- How far the relay has published, and the last sequence number per topic and partition.
create table relay_position (
    one      boolean primary key default true check (one),
    position bigint  not null default 0
);
insert into relay_position default values;

-- How far a consumer has come in a publisher's partition: advanced only from the predecessor.
create table inbox (
    consumer   text   not null,
    source     text   not null,
    epoch      uuid   not null,
    topic      text   not null,
    partition  int    not null,
    seq        bigint not null,
    next_offset bigint not null default 0,
    applied    bigint not null default 0,
    parked     bigint not null default 0,
    primary key (consumer, topic, partition)
);

create table parked (
    consumer   text   not null,
    topic      text   not null,
    partition  int    not null,
    seq        bigint not null,
    tenant_id  uuid,
    key        bytea  not null,
    headers    bytea  not null,
    body       bytea  not null,
    error      text   not null,
    tries      int    not null default 0,
    parked_at  timestamptz not null,
    settled_at timestamptz,
    settled_by text,
    settled_as text check (settled_as in ('replayed', 'skipped')),
    reason     text,
    primary key (consumer, topic, partition, seq)
);
create index parked_waiting on parked (consumer, topic, partition, key) where settled_at is null;

create table effect (
    tenant_id    uuid   not null,
    effect_id    uuid   not null,
    kind         text   not null,
    key          text   not null,
    aggregate_id uuid   not null,
    body         bytea  not null,
    meta         bytea  not null,
    state        text   not null default 'intended'
                 check (state in ('intended', 'attempted', 'unknown', 'done', 'refused', 'stuck')),
    attempts     int    not null default 0,
    intended_at  timestamptz not null,
    due_at       timestamptz not null,
    leased_until timestamptz,
    outcome      text,
    primary key (tenant_id, effect_id),
    unique (tenant_id, kind, key)
);
create index effect_due on effect (due_at) where state in ('intended', 'attempted', 'unknown');

create table due (
    tenant_id    uuid not null,
    job          text not null,
    key          text not null,
    due_at       timestamptz not null,
    body         bytea not null,
    tries        int  not null default 0,
    leased_until timestamptz,
    done_at      timestamptz,
    error        text,
    primary key (tenant_id, job, key, due_at)
);
create index due_open on due (due_at) where done_at is null;

create table command_result (
    tenant_id   uuid  not null,
    command_key text  not null,
    digest      bytea not null,
    status      int   not null,
    body        bytea not null,
    position    bigint not null default 0,
    answered_at timestamptz not null,
    primary key (tenant_id, command_key)
);

create table projection_position (
    projection text   primary key,
    position   bigint not null
);

create schema read;
