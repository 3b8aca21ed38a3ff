-- Who made a token: its owner, an administrator, or the bootstrap token. Empty for those made before.
alter table api_token add column made_by text not null default '';
