-- One row: one person who may sign in. units are JSON lists of ids. epoch grows
-- with every change after which open sessions must end.
create table account (
    user_id integer primary key,
    name text not null unique collate nocase,
    title text not null,
    role text not null,
    rep_id text not null default '',
    regions text not null default '[]',
    teams text not null default '[]',
    password text not null default '',
    is_password_given integer not null default 0,
    is_disabled integer not null default 0,
    failures integer not null default 0,
    locked_until text not null default '',
    epoch integer not null default 1,
    created_at text not null,
    signed_in_at text not null default ''
) strict;

-- One row: one open session; the token is hashed.
create table session (
    token text primary key,
    data blob not null,
    expires_at text not null
) strict, without rowid;
create index session_expiry on session (expires_at);

-- One row: one token of the API; only its hash is kept.
create table token (
    token_id integer primary key,
    user_id integer not null references account (user_id),
    title text not null,
    hash text not null unique,
    scopes text not null,
    created_at text not null,
    expires_at text not null,
    revoked_at text not null default '',
    used_at text not null default ''
) strict;

-- One row: one page with its filters that a person kept under a name.
create table saved_view (
    user_id integer not null references account (user_id),
    title text not null,
    address text not null,
    saved_at text not null,
    primary key (user_id, title)
) strict, without rowid;
