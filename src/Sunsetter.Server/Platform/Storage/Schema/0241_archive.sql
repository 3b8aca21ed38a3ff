create table archive_file (id text primary key, retirement text not null, made_at bigint not null, sha256 text not null, content {bytes} not null);
create index archive_file_by_retirement on archive_file (retirement);
