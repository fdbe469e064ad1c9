-- One row: one check of the run, failed ones first, stop before warn.
-- Samples name units, so only a reader of the whole company sees them.
select
    check_id,
    relation,
    severity,
    status = 'pass' as is_passed,
    n_failures::bigint as n_failures,
    title_en,
    title_zh,
    case when $scope_all then sample_json else '[]' end as sample_json,
from checks.result
order by status = 'pass', severity = 'warn', check_id
