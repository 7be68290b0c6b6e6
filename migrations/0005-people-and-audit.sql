-- Where the role in `role` counts, as selector text; `more_grants` holds further [{"role", "scope", "rights"}].
alter table users add column scope text not null default '*';
alter table users add column more_grants text not null default '[]';
-- The second factor: its sealed secret, the last 30 s step whose code was taken, hashes of unused recovery codes.
alter table users add column totp_secret text;
alter table users add column totp_last_step integer not null default 0;
alter table users add column recovery_hashes text not null default '[]';

alter table sessions add column address text not null default '';
alter table sessions add column agent text not null default '';

-- What a token may at most, whatever its owner may; null: all that.
alter table api_tokens add column role text;
alter table api_tokens add column scope text;
alter table api_tokens add column used_at_ms integer;

-- What administrators decide for the whole hub; JSON text.
create table settings (
  name text primary key,
  value text not null
) strict;

-- Who did or tried what. Rows are only ever added; each hash covers its row and the hash before it.
create table audit (
  seq integer primary key,
  at_ms integer not null,
  kind text not null check (kind in ('begun', 'ended', 'refused')),
  -- Of `ended`: the row it ends.
  ends integer,
  actor text not null,
  way text not null,
  address text not null,
  what text not null,
  target text not null,
  detail text not null,
  before text,
  after text,
  outcome text not null,
  hash text not null
) strict;
create index audit_by_time on audit (at_ms);
create trigger audit_keeps_rows before delete on audit begin
  select raise(abort, 'the audit is never cleared');
end;
create trigger audit_keeps_words before update on audit begin
  select raise(abort, 'the audit is never rewritten');
end;
-- Where the chain ends, so that rows missing at its end show too.
create table audit_head (
  id integer primary key check (id = 1),
  seq integer not null,
  mac text not null
) strict;
