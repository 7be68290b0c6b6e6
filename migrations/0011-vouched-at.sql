-- When a provider or a directory last said who somebody is and which groups they are in; null: local, or not heard of yet.
alter table users add column vouched_at_ms integer;
update users set vouched_at_ms = coalesce(seen_at_ms, created_at_ms) where source <> 'local';
