-- What is measured, by a short number: a process, or the sum of a host where group_name and process are empty.
create table metric_series (
  id integer primary key,
  host_id text not null,
  group_name text not null,
  process text not null,
  unique (host_id, group_name, process)
) strict;

-- Means and peaks of each minute and each hour since the epoch. Rows come in the order of time, and go in it.
create table metric_minutes (
  at integer not null,
  series integer not null,
  samples integer not null,
  cpu real not null,
  cpu_most real not null,
  memory integer not null,
  memory_most integer not null,
  primary key (at, series)
) strict, without rowid;
create table metric_hours (
  at integer not null,
  series integer not null,
  samples integer not null,
  cpu real not null,
  cpu_most real not null,
  memory integer not null,
  memory_most integer not null,
  primary key (at, series)
) strict, without rowid;
