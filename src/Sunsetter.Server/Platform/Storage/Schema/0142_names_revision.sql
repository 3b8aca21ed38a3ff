-- Raised whenever stored names of the customer's users are overwritten: who keeps them in memory, on whichever node, reads them anew.
alter table usage_customer add column names_revision bigint not null default 0;
{postgres}
-- Bitmaps do not get smaller by general compression; trying it at every write costs more than all the rest of the write.
alter table usage_day alter column users set storage external;
alter table usage_period alter column users set storage external;
{end}
