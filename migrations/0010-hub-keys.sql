-- A hub may have several keys: the newest is its own, the former ones vouch for it to agents that pinned them.
alter table hub_keys rename to hub_keys_before;
create table hub_keys (
  id integer primary key,
  public_key text not null unique,
  sealed_private_key text not null,
  created_at_ms integer not null
) strict;
insert into hub_keys select id, public_key, sealed_private_key, created_at_ms from hub_keys_before;
drop table hub_keys_before;
-- The key of the hub that an agent was shown when it was welcomed last, and pins; null: not welcomed since this is kept.
alter table agent_keys add column hub_key text;
