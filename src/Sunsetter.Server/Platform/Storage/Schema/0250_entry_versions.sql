-- Whether any entry of a retirement has changed, how many are closed and the latest permitted day, without reading the entries.
create index entry_versions on entry (retirement, version, closed_at, earliest_on);
