-- Who did what, when. Rows are written in the transaction of the change they
-- tell of and are never changed or deleted.
create table audit (
    audit_id integer primary key,
    at text not null,      -- UTC, RFC 3339
    who text not null,
    action text not null,  -- close, waive, reopen ...
    object text not null,  -- what it was done to: month 2026-10, waiver 3 ...
    detail text not null   -- the reason in the person's words, '' for none
);

create index audit_at on audit (at);

create trigger audit_stays_as_written before update on audit
begin select raise(abort, 'audit rows are never changed'); end;

create trigger audit_stays before delete on audit
begin select raise(abort, 'audit rows are never deleted'); end;
