-- When each entry was last looked at by the announce stage, and when it must be looked at again although nothing has changed.
create table announce_look (
    retirement text not null, customer text not null, entry_version integer not null, retirement_version integer not null, again_at bigint not null,
    primary key (retirement, customer));
