-- What the pages of operations ask for, however much has been done already.
create index effect_states on effect (tenant_id, state, intended_at);
create index due_last_done on due (job, done_at, tenant_id) where done_at is not null;
