-- What became of waiting for a second person, as JSON text.
alter table actions add column approval text;
-- Of what a token may at most only these rights, as a JSON list; null: all of its role.
alter table api_tokens add column rights text;
