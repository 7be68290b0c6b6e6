-- What operators do with a host after they added it. A removed host keeps its row until its undo window closes;
-- its name is set aside meanwhile, so that another host may take it.
alter table hosts add column notes text not null default '';
alter table hosts add column maintenance text;
alter table hosts add column trust_kind text;
alter table hosts add column trust_sha256 text;
alter table hosts add column trust_pem text;
alter table hosts add column removed_at_ms integer;
alter table hosts add column removed_name text;
