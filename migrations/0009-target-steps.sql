-- The states a target was seen in on its way through an action, each from when, as JSON text.
alter table action_targets add column steps text;
