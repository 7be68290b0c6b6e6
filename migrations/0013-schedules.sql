create table schedules (
  id text primary key,
  name text not null,
  cron text not null,
  time_zone text not null,
  -- JSON: what is done, as the API takes an action
  action text not null,
  -- JSON: the protected environments its owner typed when it was saved
  confirmed text not null,
  enabled integer not null,
  -- JSON: why the hub paused it itself
  stopped text,
  missed text not null,
  missed_minutes integer not null,
  owner_id text not null,
  owner text not null,
  -- JSON: of what its owner may at most this, as of the token it was saved with
  owner_limit text,
  -- Up to here every time it was due is dealt with.
  done_until_ms integer not null,
  created_at_ms integer not null,
  removed_at_ms integer
) strict;
create unique index schedules_by_name on schedules (name collate nocase) where removed_at_ms is null;

-- A row is written before its action begins, so that a killed hub neither forgets a run nor does it twice.
create table schedule_runs (
  id integer primary key autoincrement,
  schedule_id text not null references schedules (id) on delete cascade,
  due_at_ms integer not null,
  cause text not null,
  state text not null,
  began_at_ms integer not null,
  ended_at_ms integer,
  asked_by text,
  -- JSON: why it was left out or failed
  why text,
  action_id text
) strict;
create unique index schedule_runs_once on schedule_runs (schedule_id, due_at_ms) where cause <> 'hand';
create index schedule_runs_open on schedule_runs (state) where state in ('beginning', 'running');

-- The name of the schedule that began it.
alter table actions add column schedule text;
