-- One row: one person in the funnel of sold over expected, by expected sales.
-- Why: shows who lies outside what chance and usual differences allow. People are codes here, not names.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    )
select
    f.rep_id, f.expected, f.events, f.ratio, f.inner_low, f.inner_high, f.outer_low, f.outer_high, f.zone,
from fairness.funnel as f
cross join allowed
order by f.events, f.rep_id
