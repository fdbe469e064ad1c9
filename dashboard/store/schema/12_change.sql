-- One row, one number: how often something was decided. Pages made from the
-- store are kept as long as it stays. Rows of the log that only tell of a look
-- or of coming and going change nothing.
create table change (n integer not null) strict;
insert into change values (0);

create trigger change_is_counted after insert on audit
when new.action not in ('read_pay', 'sign_in', 'sign_out', 'sign_in_refused', 'view_as')
begin update change set n = n + 1; end;
