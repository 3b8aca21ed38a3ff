-- Raised whenever stored names of the customer's users are overwritten: who keeps them in memory, on whichever node, reads them anew.
alter table usage_customer add column names_revision bigint not null default 0;
{postgres}
-- A customer's day stays in its page: a row that is written again every few seconds leaves no pieces elsewhere for the vacuum, and its old places are taken again at once.
alter table usage_day set (toast_tuple_target = 8160);
alter table usage_period set (toast_tuple_target = 8160);
-- Larger rows are compressed: bitmaps of which only the beginning is used. The usual method is slow. Where this PostgreSQL has no lz4, the usual method stays.
do $$
begin
    alter table usage_day alter column users set compression lz4;
    alter table usage_period alter column users set compression lz4;
exception when others then
    null;
end $$;
{end}
