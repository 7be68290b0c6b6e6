-- By which door a person comes in: a password kept here, a provider of single sign-on, a directory.
alter table users add column source text not null default 'local' check (source in ('local', 'oidc', 'ldap'));
-- Who they are there, whatever they are called; null: not seen yet.
alter table users add column subject text;
-- The groups that were told at their last sign-in, as a JSON list.
alter table users add column groups text not null default '[]';
create unique index users_by_subject on users (source, subject) where subject is not null;
