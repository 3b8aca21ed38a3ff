-- What people did with in-app notices.
create table in_app_view (
    retirement text not null, customer text not null, user_name text not null, edition integer not null, seen_on text, dismissed_at bigint, acknowledged_at bigint,
    primary key (retirement, customer, user_name, edition));
