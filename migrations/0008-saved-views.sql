-- When a page, a command or a program last asked for something in this person's name.
alter table users add column seen_at_ms integer;

-- Views of the console's lists: a name for a link.
create table views (
  id text primary key,
  owner_id text not null references users (id),
  name text not null,
  -- Which list it is of, and its link from there: `processes` and `?env=prod&by=host`.
  page text not null check (page in ('processes', 'logs')),
  query text not null,
  shared integer not null,
  created_at_ms integer not null
) strict;
create index views_of_owner on views (owner_id);
-- What opens first, for each person and list.
create table default_views (
  user_id text not null references users (id),
  page text not null,
  view_id text not null references views (id) on delete cascade,
  primary key (user_id, page)
) strict, without rowid;
