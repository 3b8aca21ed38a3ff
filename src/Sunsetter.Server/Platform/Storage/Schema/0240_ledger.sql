create table ledger_line (
    retirement text not null, customer text not null, entry_version integer not null, name_en text not null, name_zh text not null, tier text not null,
    class text not null, manager text, state text not null, old_users bigint, new_users bigint, weeks text not null, next_use_on text,
    outlook text not null, done_on text, done_earliest text, done_latest text, reach_en text not null, reach_zh text not null, reach_alarm integer not null,
    step_en text not null, step_zh text not null, needs_work boolean not null, blocks boolean not null, waits boolean not null, consequence integer not null, closes_on text, earliest_on text,
    primary key (retirement, customer));
create index ledger_line_by_consequence on ledger_line (retirement, consequence desc, customer);
create index ledger_line_by_work on ledger_line (retirement, needs_work, consequence desc, customer);
