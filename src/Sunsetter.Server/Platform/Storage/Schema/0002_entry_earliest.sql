alter table entry add column earliest_on text;
