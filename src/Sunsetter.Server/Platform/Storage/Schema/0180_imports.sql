create table import_run (
    id text primary key, kind text not null, file_name text not null, by text not null, started_at bigint not null, touched_at bigint not null, finished_at bigint,
    state text not null, bytes bigint not null, size bigint, lines bigint not null, added bigint not null, changed bigint not null, unchanged bigint not null,
    rejected bigint not null, unknown_columns text not null, first_rejects text not null, problem text);
create index import_run_by_start on import_run (started_at);
create table import_reject_part (run text not null, part integer not null, content {bytes} not null, primary key (run, part));
