-- What happened in the fleet, to processes and to hosts, under one row of numbers that never comes again:
-- whoever follows goes on from the last number it has.
create table fleet_events (
  id integer primary key autoincrement,
  kind text not null check (kind in ('process', 'host')),
  at_ms integer not null,
  host_id text not null,
  host text not null,
  group_name text not null default '',
  process text not null default '',
  -- of a process its state; of a host its reachability
  state text not null,
  pid integer not null default 0,
  exit_status integer,
  exit_signal text,
  expected integer,
  restarted integer not null default 0,
  crashed integer not null default 0,
  -- why: of a process what kept it from starting; of a host what is wrong with it
  says text not null default '',
  last_lines text
) strict;
create index fleet_events_by_time on fleet_events (at_ms);
create index fleet_events_by_process on fleet_events (host_id, group_name, process, id);

insert into fleet_events
  (kind, at_ms, host_id, host, group_name, process, state, pid, exit_status, exit_signal, expected, restarted, crashed, last_lines)
select 'process', old.at_ms, old.host_id, coalesce(hosts.name, old.host_id), old.group_name, old.process, old.state,
  old.pid, old.exit_status, old.exit_signal, old.expected, old.restarted,
  old.last_lines is not null or old.state = 'BACKOFF' or (old.state = 'EXITED' and old.expected = 0), old.last_lines
from process_events old left join hosts on hosts.id = old.host_id
order by old.id;

drop table process_events;
