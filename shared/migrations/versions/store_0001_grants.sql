-- Privileges and row security of the store. `{service}` is the service's name.
grant usage on schema public, read to {service}_app, {service}_follower, {service}_reader;
grant usage on schema public to {service}_feed;

grant select, insert on event, outbox to {service}_app;
grant usage on sequence log_position to {service}_app;
grant select on sequence log_position to {service}_reader, {service}_feed, {service}_follower, {service}_app;
grant select on epoch, watermark to {service}_app, {service}_follower, {service}_reader, {service}_feed;
grant update on watermark to {service}_reader;
grant select on relay_position to {service}_app, {service}_reader;
grant update on relay_position to {service}_reader;
grant select, insert, update on inbox, parked, effect, due to {service}_app;
grant select, insert on command_result to {service}_app;
grant select on projection_position to {service}_app, {service}_reader;
grant select, insert, update on projection_position to {service}_follower;
grant select on event to {service}_follower, {service}_reader;
grant select on outbox to {service}_reader, {service}_feed;
grant select on inbox, parked, effect, due, command_result to {service}_reader;

do $$
declare tenant_table text;
begin
    foreach tenant_table in array array['event', 'outbox', 'effect', 'due', 'command_result'] loop
        execute format('alter table %I enable row level security', tenant_table);
        execute format('alter table %I force row level security', tenant_table);
        execute format(
            'create policy own_tenants on %I to {service}_app using (tenant_id = any('
            'nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', tenant_table);
        execute format('create policy read_all on %I for select to {service}_reader using (true)',
                       tenant_table);
    end loop;
end $$;
-- A message that could not be decoded has no tenant: only operations see it, by their own page.
alter table parked enable row level security;
alter table parked force row level security;
create policy own_tenants on parked to {service}_app using (
    tenant_id is null
    or tenant_id = any(nullif(current_setting('app.tenants', true), '')::uuid[]));
create policy read_all on parked for select to {service}_reader using (true);
create policy follow_all on event for select to {service}_follower using (true);
create policy feed_all on outbox for select to {service}_feed using (true);
