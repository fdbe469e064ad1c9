-- One row: one number of a score or a statement as the run has it, with its
-- title; none where the run does not have it or the scope does not see it.
-- $kind score: points of the node $item (scorecard/node); pay: amount of the
-- line $item; coefficient: the market coefficient in force. Why: an objection is pinned to exactly one number.
with
    seen as (
        select unit_kind, unit_id
        from core.unit
        where
            unit_kind = $unit_kind and unit_id = $unit_id
            and (
                $scope_all
                or list_contains($scope_regions::varchar[], region_id)
                or list_contains($scope_teams::varchar[], team_id)
                or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
            )
    ),

    number as (
        select
            score.points::double as value, node.title_en, node.title_zh, node.indicator,
            coalesce(score.reason, '') as reason,
        from scorecard.node_score as score
        inner join seen on seen.unit_kind = score.unit_kind and seen.unit_id = score.unit_id
        inner join plan.node as node
            on node.version_id = score.version_id and node.scorecard = score.scorecard and node.node = score.node
        where $kind = 'score' and score.month = $month::date and score.scorecard || '/' || score.node = $item

        union all

        select line.amount::double, line.line, line.line, null, coalesce(line.reason, '')
        from pay.line as line
        inner join seen on seen.unit_kind = 'rep' and seen.unit_id = line.rep_id
        where $kind = 'pay' and line.month = $month::date and line.line = $item

        union all

        select market.d, 'market coefficient', '市场难度系数', null, coalesce(market.override_reason, '')
        from difficulty.rep_coefficient as market
        inner join seen on seen.unit_kind = 'rep' and seen.unit_id = market.rep_id
        where $kind = 'coefficient' and market.month = $month::date and $item = 'coefficient'
    )

select value, title_en, title_zh, indicator, reason from number order by title_en
