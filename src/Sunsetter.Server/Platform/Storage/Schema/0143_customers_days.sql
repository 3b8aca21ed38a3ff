-- The days of one customer lie side by side in it: a question about a stretch of them reads no others.
drop index usage_day_by_customer;
create index usage_day_by_customer on usage_day (customer_id, day);
{postgres}
-- A day that grows is written again and again: with room in its page the new row lies beside the old, which needs no new page and no new entries of the indexes.
alter table usage_day set (fillfactor = 70);
{end}
