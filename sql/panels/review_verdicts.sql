-- One row: one question of the fairness review and its answer. Only a reader of the whole company sees it: a group's
-- figure beside the company's would tell the rest.
-- Why: the page opens with the answers.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    ),
    named as (
        select unit_kind, unit_id, unit_name from core.unit where $scope_all
    )

select
    v.item, v.flag, v.measure, v.group_kind, v.group_id, coalesce(n.unit_name, v.group_id) as group_name,
    v.effect, v.effect_low, v.effect_high, v.effect_before, v.n, v.p, v.q, v.threshold, v.unseen, v.reason,
    v.n_look, v.n_amber, v.n_withheld, v.n_findings,
from fairness.verdict as v
cross join allowed
left join named as n on n.unit_kind = v.group_kind and n.unit_id = v.group_id
order by cast(substr(v.item, 2) as integer)
