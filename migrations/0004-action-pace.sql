-- How an action goes over its targets, how far it is, and what was about to be sent when it was last heard of.
alter table actions add column signal text;
alter table actions add column pace text;
alter table actions add column progress text;
-- When anything about it was written last: how long a hub found dead has been away.
alter table actions add column touched_at_ms integer;
-- The same key from the same person names the same action; the hash tells whether it also asks for the same.
alter table actions add column idempotency_key text;
alter table actions add column request_hash text;
create unique index actions_by_key on actions (by, idempotency_key) where idempotency_key is not null;

alter table action_targets add column batch integer;
alter table action_targets add column sent text;
