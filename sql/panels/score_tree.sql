-- One row: one node of a scorecard of one person of $rep_ids in $month, in the plan's order.
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

    asked as (
        select unit_id as rep_id
        from seen
        where unit_kind = 'rep' and list_contains($rep_ids::varchar[], unit_id)
    ),

    scored as (
        select score.*
        from scorecard.node_score as score
        inner join asked on asked.rep_id = score.unit_id
        where score.unit_kind = 'rep' and score.month = $month::date
    )

select
    scored.unit_id as rep_id,
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
left join plan.node as node
    on node.version_id = scored.version_id
    and node.scorecard = scored.scorecard
    and node.node = scored.node
left join indicators.definition as definition on definition.indicator = scored.indicator
order by scored.unit_id, scored.scorecard, scored.sort, scored.node
