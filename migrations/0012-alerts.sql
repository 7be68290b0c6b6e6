create table alert_rules (
  id text primary key,
  name text not null,
  enabled integer not null,
  -- JSON: what it looks for, with its figures
  condition text not null,
  selector text not null,
  for_seconds integer not null,
  clear_seconds integer not null,
  severity text not null,
  -- JSON: "all", or ids of channels
  channels text not null,
  repeat_minutes integer not null,
  created_at_ms integer not null
) strict;

insert into alert_rules values
  ('ar_fatal', 'A process is FATAL', 1, '{"kind":"process-state","states":["FATAL"]}', '*', 0, 60, 'critical', '"all"', 0, 0),
  ('ar_flapping', 'A process flaps', 1, '{"kind":"flapping","restarts":3,"withinSeconds":1200}', '*', 0, 60, 'warning', '"all"', 0, 0),
  ('ar_unreachable', 'A host is unreachable', 1, '{"kind":"host-unreachable"}', '*', 60, 60, 'critical', '"all"', 0, 0);

create table alert_channels (
  id text primary key,
  kind text not null,
  name text not null unique collate nocase,
  enabled integer not null,
  -- JSON: where messages go, as it may be shown
  place text not null,
  -- JSON, sealed: the whole address, the signing secret or the password
  sealed text not null,
  created_at_ms integer not null
) strict;

create table alerts (
  id integer primary key autoincrement,
  rule_id text not null,
  rule text not null,
  kind text not null,
  severity text not null,
  host_id text not null,
  host text not null,
  group_name text not null,
  process text not null,
  opened_at_ms integer not null,
  last_at_ms integer not null,
  closed_at_ms integer,
  ending text,
  count integer not null,
  says text not null,
  said text,
  last_line text not null,
  acked_by text,
  acked_at_ms integer,
  ack_note text,
  -- whether the messages of its opening and its closing are in the queues
  told_open integer not null default 0,
  told_closed integer not null default 0,
  told_at_ms integer
) strict;
create unique index alerts_one_open on alerts (rule_id, host_id, group_name, process) where closed_at_ms is null;
create index alerts_by_end on alerts (closed_at_ms);

create table alert_deliveries (
  id integer primary key autoincrement,
  channel_id text not null references alert_channels (id) on delete cascade,
  reason text not null,
  -- JSON: what the message says
  message text not null,
  created_at_ms integer not null,
  state text not null,
  attempts integer not null default 0,
  tried_at_ms integer,
  last_error text
) strict;
create index alert_deliveries_by_channel on alert_deliveries (channel_id, state, id);
