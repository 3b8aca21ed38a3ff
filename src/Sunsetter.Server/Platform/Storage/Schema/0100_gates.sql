-- Positions number the changes that applications must hear of; see Retirements/Storage/GatePosition.cs.
create table gate_position (name text primary key, value bigint not null);
insert into gate_position values ('gates', 1);
insert into gate_position values ('keys', 1);
create table gate_change (position bigint primary key, retirement text not null, customers text not null, restores integer not null, at bigint not null);
create table gate_basis (id integer primary key, json text not null);
create table edge_key (
    kid text primary key, kind text not null, name text not null, hash {bytes} not null, protected_key text not null, scopes text not null,
    created_at bigint not null, created_by text not null, expires_at bigint, revoked_at bigint);
create table gate_receipt (
    instance text primary key, version bigint not null, obeyed_at bigint, seen_at bigint not null, client text not null, clock_offset_ms bigint, key_name text not null);
create table gate_opening (position bigint not null, instance text not null, millis bigint not null, primary key (position, instance));
create table gate_drill (
    id text primary key, started_by text not null, started_at bigint not null, closed_position bigint not null, opened_at bigint, opened_position bigint,
    instances integer, slowest_ms bigint, missing integer, finished_at bigint);
