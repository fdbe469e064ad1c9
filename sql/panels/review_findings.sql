-- One row: one finding of one item of the fairness review, or of all where $item is '', groups by kind and name.
-- Why: an answer opens into what it rests on.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    ),
    named as (
        select unit_kind, unit_id, unit_name from core.unit where $scope_all
    )

select
    f.item, f.flag, f.measure, f.group_kind, f.group_id, coalesce(n.unit_name, f.group_id) as group_name,
    f.effect, f.effect_low, f.effect_high, f.effect_before, f.n, f.p, f.q, f.threshold, f.unseen, f.reason,
from fairness.finding as f
cross join allowed
left join named as n on n.unit_kind = f.group_kind and n.unit_id = f.group_id
where $item = '' or f.item = $item
order by f.item, f.measure, f.group_kind, f.effect desc nulls last, f.group_id
