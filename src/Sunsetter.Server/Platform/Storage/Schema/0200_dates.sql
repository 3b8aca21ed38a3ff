create table calendar_year (
    country text not null, year integer not null, days text not null, source text not null, imported_at bigint not null, imported_by text not null,
    primary key (country, year));
create table policy_version (number {identity}, document text not null, note text not null, at bigint not null, by text not null);
