-- A fingerprint of a batch's events: its key again with other events is another batch, not a repetition. Empty where none was taken.
alter table usage_batch add column content text not null default '';
-- A row that is written is a lock until the transaction ends, on both databases.
create table usage_lock (name text primary key);
