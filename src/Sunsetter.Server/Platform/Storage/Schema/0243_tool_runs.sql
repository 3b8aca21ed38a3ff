-- Runs of migration tools. Each is made from the fact that asked for it (retirement, customer, version), so that a crash between the two loses nothing.
create table tool_run (
    id text primary key, retirement text not null, customer text not null, version integer not null, tool text not null, dry_run boolean not null, state text not null,
    attempts integer not null, next_attempt_at bigint not null, lease_until bigint not null, fence bigint not null, deadline_at bigint, report_hash {bytes},
    done integer, total integer, message text not null, output text not null, succeeded boolean, ended_at bigint, recorded_at bigint);
create unique index tool_run_by_fact on tool_run (retirement, customer, version);
create index tool_run_due on tool_run (state, next_attempt_at);
create index fact_of_runs on fact (retirement, customer, version) where kind = 'entry.run-requested';
create table tool_secret (tool text primary key, protected text not null);
alter table ledger_line add column run_en text not null default '';
alter table ledger_line add column run_zh text not null default '';
