-- One row: one node of a scorecard of one person in $month, in the plan's order.
with
    seen as (
        select unit_kind, unit_id, unit_name, region_id, team_id
        from core.unit
        where
            $scope_all
            or list_contains($scope_regions::varchar[], region_id)
            or list_contains($scope_teams::varchar[], team_id)
            or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
    ),

    scored as (
        select * from scorecard.node_score
        where unit_kind = 'rep' and unit_id = $rep_id and month = $month::date
    )

select
    scored.scorecard as scorecard,
    scored.node as node,
    scored.parent as parent,
    scored.depth as depth,
    scored.kind as kind,
    coalesce(scored.indicator, '') as indicator,
    coalesce(node.title_en, definition.title_en, scored.node) as title_en,
    coalesce(node.title_zh, definition.title_zh, scored.node) as title_zh,
    coalesce(definition.unit, case when scored.indicator = 'adjusted_attainment' then 'rate' else 'points' end) as unit,
    scored.value as value,
    cast(scored.denominator as double) as denominator,
    cast(scored.points as double) as points,
    scored.weight as weight,
    scored.weight_used as weight_used,
    cast(scored.contribution as double) as contribution,
    scored.is_left_out as is_left_out,
    coalesce(scored.reason, '') as reason,
    coalesce(scored.override_reason, '') as override_reason,
from scored
inner join seen on seen.unit_kind = 'rep' and seen.unit_id = scored.unit_id
left join plan.node as node
    on node.version_id = scored.version_id
    and node.scorecard = scored.scorecard
    and node.node = scored.node
left join indicators.definition as definition on definition.indicator = scored.indicator
order by scored.scorecard, scored.sort, scored.node
