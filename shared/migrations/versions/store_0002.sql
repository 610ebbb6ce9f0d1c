-- What people did about effects, and how each stood before: append only.
create table effect_question (
    tenant_id uuid   not null,
    effect_id uuid   not null,
    number    bigint generated always as identity,
    asked_at  timestamptz not null,
    asked_by  text   not null,
    reason    text   not null,
    state     text   not null,
    outcome   text,
    primary key (tenant_id, effect_id, number),
    foreign key (tenant_id, effect_id) references effect
);
grant select, insert on effect_question to {service}_app;
grant select on effect_question to {service}_reader;
alter table effect_question enable row level security;
alter table effect_question force row level security;
create policy own_tenants on effect_question to {service}_app using (
    tenant_id = any(nullif(current_setting('app.tenants', true), '')::uuid[]));
create policy read_all on effect_question for select to {service}_reader using (true);
