-- One row: one person's target and expectation a month.
-- Why: shows whether targets price the market.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    )
select
    t.rep_id, t.manager_id, exp(t.ln_expected) as expected, exp(t.ln_target) as target,
from fairness.target_gap as t
cross join allowed
order by t.rep_id
