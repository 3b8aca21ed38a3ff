-- One text for SQLite and PostgreSQL. Instants: bigint, Unix milliseconds. Days: text, ISO. Ids: text.
create table person (
    id text primary key, name text not null, locale text not null, left_at bigint,
    user_name text, normalized_user_name text, email text, normalized_email text, email_confirmed boolean not null,
    password_hash text, security_stamp text, concurrency_stamp text, phone_number text, phone_number_confirmed boolean not null,
    two_factor_enabled boolean not null, lockout_end bigint, lockout_enabled boolean not null, access_failed_count integer not null);
create unique index person_by_user_name on person (normalized_user_name);
create index person_by_email on person (normalized_email);
create table person_claim (id {identity}, user_id text not null references person (id) on delete cascade, claim_type text, claim_value text);
create index person_claim_by_user on person_claim (user_id);
create table person_login (
    login_provider text not null, provider_key text not null, provider_display_name text,
    user_id text not null references person (id) on delete cascade, primary key (login_provider, provider_key));
create table person_token (
    user_id text not null references person (id) on delete cascade, login_provider text not null, name text not null, value text,
    primary key (user_id, login_provider, name));

create table api_token (
    id text primary key, name text not null, hash {bytes} not null, person text not null, scopes text not null,
    created_at bigint not null, expires_at bigint, revoked_at bigint);
create unique index api_token_by_hash on api_token (hash);
create table sign_in_link (hash {bytes} primary key, person_id text not null, expires_at bigint not null, used_at bigint);

create table data_protection_key (id {identity}, friendly_name text, xml text);

create table lease (name text primary key, holder text not null, until bigint not null, fence bigint not null);
create table setting (name text primary key, json text not null, changed_at bigint not null, changed_by text not null);

create table module (
    key text primary key, name_en text not null, name_zh text not null, class text not null, owner text not null, description text not null,
    depends_on text not null, replacements text not null, capabilities text not null, api_surface text not null, documentation_url text not null,
    code_url text not null, data_note text not null, since text, monthly_cost double precision, currency text not null);
create table customer (
    key text primary key, name_en text not null, name_zh text not null, tier text not null, class text not null, account_manager text,
    annual_value double precision not null, currency text not null, contract_notice_days integer, time_zone text not null, locale text not null, country text not null);
create table contact (
    id text primary key, customer text not null, email text not null, name text not null, role text not null, locale text not null,
    phone text, im_address text, dead_since bigint, dead_reason text);
create unique index contact_by_customer on contact (customer, email);

create table fact (
    retirement text not null, customer text not null, version integer not null, kind text not null, at bigint not null, by text not null,
    body text not null, hash {bytes} not null, primary key (retirement, customer, version));
create table retirement (id text primary key, version integer not null, head {bytes} not null, module text not null, stage text not null, state text not null);
create index retirement_by_module on retirement (module);
create table entry (
    retirement text not null, customer text not null, version integer not null, head {bytes} not null, state text not null, closed_at bigint,
    primary key (retirement, customer));
create index entry_by_customer on entry (customer);
