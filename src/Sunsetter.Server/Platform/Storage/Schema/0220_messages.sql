-- Outgoing messages: each is due work until it is sent, failed or withdrawn. The key makes it unique, the fence guards its result.
create table message (
    id text primary key, key text not null, retirement text not null, customer text not null, step text not null, recipient text not null, channel text not null,
    address text not null, letter text not null, message_id text not null, state text not null, attempts integer not null, created_at bigint not null,
    next_attempt_at bigint not null, last_attempt_at bigint not null, lease_until bigint not null, fence bigint not null, ended_at bigint,
    failure_code text, failure text, recipient_gone boolean not null, reported_at bigint);
create unique index message_by_key on message (key);
create index message_due on message (state, channel, next_attempt_at);
create index message_by_retirement on message (retirement, state);
create index message_recent on message (channel, last_attempt_at);
