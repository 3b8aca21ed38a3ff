-- A value that is another one after each change of the rows of a kind, of which nodes keep all in memory.
create table stamp (name text primary key, value text not null);
insert into stamp (name, value) values ('Module', ''), ('Customer', ''), ('Contact', '');
