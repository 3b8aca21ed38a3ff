-- What was done on which request, so that a repeated one does nothing more.
create table done_request (key text primary key, retirement text not null, at bigint not null);
