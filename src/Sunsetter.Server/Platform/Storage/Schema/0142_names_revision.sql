-- Raised whenever stored names of the customer's users are overwritten: who keeps them in memory, on whichever node, reads them anew.
alter table usage_customer add column names_revision bigint not null default 0;
{postgres}
-- Bitmaps of more than two kilobytes are compressed at every write. The usual method costs more than all the rest of the write, and most bitmaps do not get smaller; those that do are
-- nearly all zeros. Where this PostgreSQL has no lz4, the usual method stays.
do $$
begin
    alter table usage_day alter column users set compression lz4;
    alter table usage_period alter column users set compression lz4;
exception when others then
    null;
end $$;
{end}
