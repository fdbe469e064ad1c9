-- One row: one choice behind the score and how much of the movement of ranks it explains, or what leaving a part out
-- changes; kind all holds the share of bonus decisions that flip and the mean shift of ranks.
-- Why: says whether the weights decide who wins.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    )
select
    s.kind, s.name, coalesce(n.title_en, s.name) as title_en, coalesce(n.title_zh, s.name) as title_zh, s.value,
from fairness.source as s
cross join allowed
left join (
    select node, max(coalesce(nullif(title_en, ''), node)) as title_en, max(coalesce(nullif(title_zh, ''), node)) as title_zh
    from plan.node group by node
) as n on s.kind = 'without' and n.node = s.name
order by s.kind, s.value desc, s.name
