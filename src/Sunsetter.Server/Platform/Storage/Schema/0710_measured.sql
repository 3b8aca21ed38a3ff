-- What was measured last beside the numbers: the fact in the ledger's stream tells of the day on which the state changed.
alter table ledger_line add column both_users bigint;
alter table ledger_line add column evidence_en text not null default '';
alter table ledger_line add column evidence_zh text not null default '';
