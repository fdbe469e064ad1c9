-- One row: something that happened to a month. A month is what its latest
-- rows say; no row is ever changed, but for paid_in, or deleted.
create table month_event (
    event_id integer primary key,
    month text not null,            -- first day: 2026-10-01
    action text not null check (action in ('review', 'close', 'reopen', 'restate')),
    run_id text not null,           -- '' for reopen
    seal text not null,             -- hash, '' for review and reopen
    at text not null,               -- UTC, RFC 3339
    who text not null,
    reason text not null,
    paid_in text,                   -- month in which the lines below were paid; null for a restatement not paid yet
    document blob,                  -- the whole seal, gzipped JSON; what verify needs
    bridge text not null default '' -- of a restatement: old to new by cause, JSON
);

create index month_event_month on month_event (month, event_id);

-- One row: a printed line of pay as a close or a restatement sealed it.
create table sealed_line (
    event_id integer not null references month_event (event_id),
    rep_id text not null,
    line text not null,
    cents integer not null,
    is_total integer not null,      -- 1: a sum of other lines
    primary key (event_id, rep_id, line)
) without rowid;
