-- One row: one person under review: coefficient, results and ranks before and after, with the region's name.
-- Why: the charts of ranks and of the remaining difficulty need everybody. A region that may not be shown is not named:
-- the rows of its people would add up to it.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    )
select
    p.month, p.rep_id, case when coalesce(g.is_shown, true) then coalesce(u.unit_name, p.region_id) end as region_name, p.d, p.raw, p.adjusted, p.score, p.raw_rank, p.adjusted_rank,
    p.is_bonus, p.is_standard, p.has_targets, p.has_scores, p.n_bonus, c.depends,
from fairness.person as p
cross join allowed
left join core.unit as u on u.unit_kind = 'region' and u.unit_id = p.region_id
left join fairness.group_size as g on g.group_kind = 'region' and g.group_id = p.region_id
left join fairness.counterfactual as c on c.rep_id = p.rep_id
order by p.adjusted_rank nulls last, p.rep_id
