-- Why a customer's notice is held back, as it was found at the last look; null where none is.
alter table announce_look add column finding_en text;
alter table announce_look add column finding_zh text;
