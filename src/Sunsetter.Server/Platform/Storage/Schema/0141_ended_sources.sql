-- Sources of usage that ended for good, as administrators said: the newest word on a source counts; without a day it is taken back.
create table usage_source_end (
    source text not null, at bigint not null, ended_on integer, reason text not null, by text not null, primary key (source, at));
