-- 1: the names of the customer's users are hashes, those that come are hashed. Set in the transaction that hashes what is stored.
alter table usage_customer add column hashed integer not null default 0;
