-- One row: one objection to one number of one run. A draft was priced and not
-- yet sent; it starts the reply clock when it is sent.
create table appeal (
    appeal_id text primary key,
    run_id text not null,
    month text not null,            -- first day: 2026-10-01
    kind text not null check (kind in ('indicator', 'score', 'coefficient', 'pay')),
    unit_kind text not null,
    unit_id text not null,
    region_id text not null,        -- of the unit, for the statistics
    item text not null,             -- indicator, node of a score, 'coefficient', line of pay
    category text not null check (category in ('data', 'attribution', 'rule', 'difficulty', 'rating', 'other')),
    shown_value real,               -- null: the run has none
    expected_value real not null,
    words text not null,            -- why, in the person's words
    file_name text not null default '',
    file_kind text not null default '',
    file blob,
    priced text not null default '',-- JSON of both outcomes; '' until they are calculated
    price_fault text not null default '',
    sender text not null,
    status text not null check (status in ('draft', 'open', 'accepted', 'refused', 'withdrawn')),
    made_at text not null,
    sent_at text not null default '',
    due_at text not null default '',
    routed_to text not null default '',
    decided_at text not null default '',
    decided_by text not null default '',
    remedy text not null default '' check (remedy in ('', 'override', 'correction')),
    outcome text not null default ''-- the reason of the decision
) strict;
create index appeal_status on appeal (status, due_at);

-- One row: one score that a person gave another on the form; entering it again
-- replaces it.
create table rating (
    rater_id text not null,         -- a person of core.rep, or the name of an account
    rater_kind text not null check (rater_kind in ('manager', 'peer', 'self')),
    rep_id text not null,
    month text not null,
    criterion text not null,
    score real not null check (score between 0 and 100),
    entered_at text not null,
    entered_by text not null,
    primary key (rater_id, rep_id, month, criterion)
) strict, without rowid;

-- One row: one proposal to do something better.
create table innovation (
    innovation_id text primary key,
    rep_id text not null,
    month text not null,
    title text not null,
    points real,                    -- null until it is adopted
    status text not null check (status in ('proposed', 'adopted', 'refused')),
    proposed_by text not null,
    proposed_at text not null,
    adopted_by text not null default '',
    adopted_at text not null default ''
) strict;
