alter table import_run add column unknown_keys text not null default '[]';
