-- Looks at groups of people change nothing either.
drop trigger change_is_counted;

create trigger change_is_counted after insert on audit
when new.action not in ('read_pay', 'read_groups', 'sign_in', 'sign_out', 'sign_in_refused', 'view_as')
begin update change set n = n + 1; end;
