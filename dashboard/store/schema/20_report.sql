-- One row: one occasion of a job, such as the draft of 2026-10 or the night of
-- 2026-11-05. The key is a local date or an event, never a moment, so that a
-- changed clock cannot make a second one. Who claims an occasion holds it until
-- lease_until; another takes it over only after that.
create table job_run (
    job text not null,
    occasion text not null,
    state text not null check (state in ('running', 'done', 'failed')),
    attempts integer not null default 1,
    owner text not null,            -- process that claimed it
    lease_until text not null,
    started_at text not null,
    ended_at text not null default '',
    next_at text not null default '', -- of a failed one: when it is tried again, '' for never
    outcome text not null default '',
    primary key (job, occasion)
) strict, without rowid;

-- One row: one report of one run for one recipient. The unique key is what
-- makes a delivery happen once, whoever plans it and however often.
create table delivery (
    delivery_id integer primary key,
    report text not null,           -- executive, region, team or statement
    unit_id text not null,          -- region, team or person; '' for the company
    month text not null,            -- first day
    run_id text not null,
    lang text not null,
    recipient text not null,        -- mail address, or 'folder'
    name text not null,             -- of the reader, as printed
    state text not null default 'planned' check (state in ('planned', 'claimed', 'done', 'failed', 'stopped')),
    attempts integer not null default 0,
    owner text not null default '',
    lease_until text not null default '',
    next_at text not null default '',
    planned_at text not null,
    done_at text not null default '',
    file text not null default '',  -- in the workspace
    message_id text not null default '',
    error text not null default '',
    unique (report, unit_id, month, run_id, lang, recipient)
) strict;
create index delivery_waiting on delivery (state, next_at);

-- One row: one mail address that reports go to; token is in its unsubscribe
-- links.
create table mail_address (
    address text primary key collate nocase,
    token text not null unique,
    unsubscribed_at text not null default ''
) strict, without rowid;
