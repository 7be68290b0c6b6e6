-- Times are epoch milliseconds, booleans 0 or 1, lists and objects JSON text.

create table hosts (
  id text primary key,
  name text not null unique collate nocase,
  kind text not null check (kind in ('agent', 'supervisord')),
  url text,
  environment text,
  tags text not null default '[]',
  disabled integer not null default 0,
  created_at_ms integer not null
) strict;

-- What a host proves itself with. Public only: nothing here could log in as an agent.
create table agent_keys (
  public_key text primary key,
  host_id text not null references hosts (id) on delete cascade,
  joined_at_ms integer not null,
  revoked_at_ms integer
) strict;
create index agent_keys_by_host on agent_keys (host_id);

-- How far the hub has an agent's events.
create table uplink_cursors (
  host_id text primary key references hosts (id) on delete cascade,
  epoch text not null,
  seq integer not null
) strict;

-- What the hub proves itself with to a supervisord; sealed by the key file beside the database.
create table credentials (
  host_id text primary key references hosts (id) on delete cascade,
  username text not null,
  sealed_password text not null
) strict;

create table join_tokens (
  id text primary key,
  hash text not null unique,
  uses_left integer not null,
  expires_at_ms integer not null,
  environment text,
  tags text not null default '[]',
  created_by text not null,
  created_at_ms integer not null
) strict;

create table users (
  id text primary key,
  name text not null unique collate nocase,
  password_hash text not null,
  role text not null check (role in ('viewer', 'operator', 'admin')),
  disabled integer not null default 0,
  created_at_ms integer not null
) strict;

create table sessions (
  hash text primary key,
  user_id text not null references users (id) on delete cascade,
  csrf text not null,
  created_at_ms integer not null,
  seen_at_ms integer not null
) strict;
create index sessions_by_user on sessions (user_id);

create table api_tokens (
  id text primary key,
  hash text not null unique,
  user_id text not null references users (id) on delete cascade,
  label text not null,
  created_at_ms integer not null,
  expires_at_ms integer
) strict;

create table sign_in_failures (
  subject text primary key,
  failures integer not null,
  first_at_ms integer not null
) strict;

create table actions (
  id text primary key,
  verb text not null,
  selector text not null,
  by text not null,
  started_at_ms integer not null,
  finished_at_ms integer,
  cancelled_by text
) strict;
create index actions_by_start on actions (started_at_ms);

create table action_targets (
  action_id text not null references actions (id) on delete cascade,
  position integer not null,
  host_id text not null,
  host text not null,
  group_name text not null,
  process text not null,
  outcome text not null,
  primary key (action_id, position)
) strict, without rowid;

create table process_events (
  id integer primary key,
  host_id text not null,
  group_name text not null,
  process text not null,
  at_ms integer not null,
  state text not null,
  pid integer not null,
  exit_status integer,
  exit_signal text,
  expected integer,
  restarted integer not null,
  last_lines text
) strict;
create index process_events_by_time on process_events (at_ms);
create index process_events_by_process on process_events (host_id, group_name, process, at_ms);

-- The worst thing seen of a process in each hour; `hour` counts from the epoch.
create table beats (
  host_id text not null,
  group_name text not null,
  process text not null,
  hour integer not null,
  beat text not null,
  primary key (host_id, group_name, process, hour)
) strict, without rowid;
create index beats_by_hour on beats (hour);

-- The hub's own Ed25519 key; the private half sealed like a password.
create table hub_keys (
  id integer primary key check (id = 1),
  public_key text not null,
  sealed_private_key text not null,
  created_at_ms integer not null
) strict;
