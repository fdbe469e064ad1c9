-- A job that begins or ends and a delivery that fails are told by pages at once.
create trigger job_begin_is_counted after insert on job_run
begin update change set n = n + 1; end;

create trigger job_state_is_counted after update of state on job_run
when new.state <> old.state
begin update change set n = n + 1; end;

create trigger failed_delivery_is_counted after update of state on delivery
when new.state in ('failed', 'stopped')
begin update change set n = n + 1; end;
