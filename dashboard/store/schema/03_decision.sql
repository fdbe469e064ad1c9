-- One row: a check that somebody accepted as failed for a month, with the
-- reason. Signing again replaces nothing: the latest row counts.
create table waiver (
    waiver_id integer primary key,
    month text not null,
    check_id text not null,
    reason text not null,
    approver text not null,
    signed_at text not null
);

-- One row: a person whose expenses over the ceiling do not void the month's
-- commission.
create table expense_exception (
    exception_id integer primary key,
    rep_id text not null,
    month text not null,
    reason text not null,
    approver text not null,
    approved_at text not null,
    revoked_at text
);

create unique index expense_exception_in_force on expense_exception (rep_id, month) where revoked_at is null;

-- One row: a number that somebody set by hand, with the reason.
create table override (
    override_id text primary key,
    kind text not null check (kind in ('indicator', 'score', 'coefficient', 'pay')),
    month text not null,
    unit_kind text not null,
    unit_id text not null,
    item text not null,             -- indicator, node of a score, 'coefficient', line of pay
    value real not null,
    reason text not null,
    approver text not null,
    decided_at text not null,
    expires_on text,                -- last day on which it counts; null: for good
    appeal_id text,                 -- of the appeal it answers
    revoked_at text
);

create unique index override_in_force on override (kind, month, unit_kind, unit_id, item) where revoked_at is null;
