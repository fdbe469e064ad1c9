-- One row: one gap and its parts: what results, market and tenure explain and what they do not.
-- Why: says how much of a difference is left to look at.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    ),
    named as (
        select unit_kind, unit_id, unit_name from core.unit where $scope_all
    )

select
    g.measure, g.group_kind, g.group_id, coalesce(a.unit_name, g.group_id) as group_name, coalesce(b.unit_name, g.other_id) as other_name,
    g.n, g.n_other, g.mean, g.mean_other, g.gap, g.by_result, g.by_market, g.by_tenure, g.unexplained, g.unexplained_low, g.unexplained_high,
from fairness.gap as g
cross join allowed
left join named as a on a.unit_kind = g.group_kind and a.unit_id = g.group_id
left join named as b on b.unit_kind = g.group_kind and b.unit_id = g.other_id
order by g.measure, g.group_kind, abs(g.unexplained) desc, g.group_id
