-- Usage: who used which module on which day, as sets of ordinals (docs/usage.md). Days are whole numbers (days since 0001-01-01): four bytes in
-- a table of millions of rows. The module and customer tables number every key that was ever reported, known to the catalogue or not.
create table usage_module (id {identity}, key text not null unique, first_seen bigint not null);
create table usage_customer (id {identity}, key text not null unique, next_ordinal integer not null, revision bigint not null);
-- Names of users, a block of new ones in each row; start is the ordinal of the first. Rows of a kilobyte, here and in usage_day: SQLite would spill them out of a
-- clustered table, a page each.
create table usage_user (customer_id integer not null, start integer not null, names {bytes} not null, primary key (customer_id, start));
-- A customer's day: in users one Roaring bitmap of (number of the module × 2^width + ordinal within the block of 65,536 users), in figures people, calls and
-- minutes of each module.
create table usage_day (
    day integer not null, customer_id integer not null, block integer not null, width integer not null, figures {bytes} not null, users {bytes} not null,
    primary key (day, customer_id, block));
-- A customer's use is destroyed without reading everybody's.
create index usage_day_by_customer on usage_day (customer_id);
-- Days older than the settings keep, added up: kind is "week" (start is a Monday) or "month" (start is its first day). Laid out like usage_day.
create table usage_period (
    kind text not null, start integer not null, customer_id integer not null, block integer not null, width integer not null, figures {bytes} not null, users {bytes} not null,
    primary key (kind, start, customer_id, block));
create index usage_period_by_customer on usage_period (customer_id);
-- Up to which day nothing finer than weeks ("day") or months ("week") is there any more.
create table usage_rolled_up (kind text primary key, until integer not null);
-- Calls refused by a closed gate; hour counts from 1970.
create table usage_refused (
    module_id integer not null, hour integer not null, customer_id integer not null, ordinal integer not null, calls bigint not null,
    primary key (module_id, hour, customer_id, ordinal)){clustered};
create index usage_refused_by_customer on usage_refused (customer_id);
-- Which source reported when: what makes "nobody" different from "unknown". Module 0: anything at all, a heartbeat included.
create table usage_report (
    source text not null, module_id integer not null, day integer not null, events bigint not null, last_at bigint not null,
    primary key (module_id, source, day)){clustered};
-- Batches and parts of files that are counted already.
create table usage_batch (key text primary key, source text not null, received_at bigint not null, events integer not null, rejected integer not null){clustered};
create index usage_batch_by_time on usage_batch (received_at);
-- Where an imported file ended, by the fingerprint of the place where its last part began: how a file that has grown is known again.
create table usage_file_end (start text not null, lines integer not null, key text not null, primary key (start, lines, key)){clustered};
-- Flags of hidden dependents that somebody confirmed or dismissed.
create table usage_flag_verdict (
    module text not null, customer text not null, kind text not null, confirmed boolean not null, reason text not null, by text not null, at bigint not null,
    primary key (module, customer, kind));
