-- What is due, in the order in which it is claimed, without reading the letters.
drop index message_due;
create index message_due on message (state, channel, next_attempt_at, id, lease_until);
