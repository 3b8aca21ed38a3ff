-- The newest facts of a retirement without sorting all of them.
create index fact_by_time on fact (retirement, at, customer, version);
