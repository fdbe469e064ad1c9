-- One row: how the checks of the run came out.
select
    count(*)::bigint as n_checks,
    count(*) filter (where status = 'fail')::bigint as n_failed,
    (select count(*) from core.unmatched where how = 'unmatched')::bigint as n_unmatched,
    (select coalesce(sum(amount), 0) from core.unmatched where how = 'unmatched')::double as unmatched_amount,
from checks.result
