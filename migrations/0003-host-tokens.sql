-- What the push listener of a stock supervisord proves its host with: SHA-256 of a random token.
create table host_tokens (
  host_id text primary key references hosts (id) on delete cascade,
  hash text not null unique,
  created_at_ms integer not null
) strict;
