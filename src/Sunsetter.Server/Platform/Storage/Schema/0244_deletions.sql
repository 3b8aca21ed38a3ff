-- Certificates of deletion, written in the transaction that deletes; each becomes a fact of its retirement.
create table deletion (id text primary key, retirement text not null, certificate text not null, recorded_at bigint);
