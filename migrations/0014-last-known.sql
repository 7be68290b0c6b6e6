-- What each host told last, for a hub that starts while it is away. Written soon after, not at once.
create table last_known (
  host_id text primary key references hosts (id) on delete cascade,
  seen_at_ms integer not null,
  -- null: it was not known to be unreachable
  unreachable_since_ms integer,
  -- How `told` is written: another hub may know more of a process.
  shape integer not null,
  -- JSON: what its supervisor is, and its processes
  told text not null
) strict;
