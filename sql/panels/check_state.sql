-- One row: how the checks of the run came out, and how many values match nobody.
-- Values that match nobody belong to no unit: only a reader of the whole company sees their number.
with
    unmatched as (
        select entity, field, value, amount,
        from core.unmatched
        where $scope_all and how = 'unmatched'
    )

select
    count(*)::bigint as n_checks,
    count(*) filter (where status = 'fail')::bigint as n_failed,
    (select count(*) from unmatched)::bigint as n_unmatched,
    (select coalesce(sum(amount), 0) from unmatched)::double as unmatched_amount,
from checks.result
