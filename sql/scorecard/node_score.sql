-- One row: one node of a scorecard, one person and month; a node `<parent>/override` (root: `override`) where points or the
-- score were set by hand.
-- Formula: contribution = exact share of the score in hundredths, rounded down, the hundredths left over given to the
-- largest remainders; so contributions of children add up to their parent, and those of all leaves to the printed score.
-- Points of a branch = shares below it / its own share; weight as written and as used, what was left out and why.
-- Why: every point of a score can be walked down to the indicator it came from.
with recursive
node as (
    select * from plan.node
),

leaf as (
    select * from scorecard.leaf
),

pattern as (
    select * from scorecard.pattern
),

weight as (
    select * from scorecard.weight
),

score as (
    select * from scorecard.score
),

share as (
    select * from scorecard.share
),

taken as (
    select
        pattern.version_id as version_id,
        pattern.scorecard as scorecard,
        node.node as node,
        pattern.unit_kind as unit_kind,
        pattern.unit_id as unit_id,
        pattern.month as month,
        score.score as points,
        cast(round(coalesce(score.score, 0) * weight.share_rate, 8) as decimal(18, 8)) as share_points,
    from pattern
    inner join node
        on node.version_id = pattern.version_id
        and node.scorecard = pattern.scorecard
        and node.kind = 'scorecard'
    inner join weight
        on weight.version_id = pattern.version_id
        and weight.scorecard = pattern.scorecard
        and weight.month = pattern.month
        and weight.pattern = pattern.pattern
        and weight.node = node.node
    left join score
        on score.version_id = pattern.version_id
        and score.scorecard = node.of_scorecard
        and score.unit_kind = pattern.unit_kind
        and score.unit_id = pattern.unit_id
        and score.month = pattern.month
),

ordinary as (
    select version_id, scorecard, node, unit_kind, unit_id, month, share_points, is_override from share
    union all
    select version_id, scorecard, node, unit_kind, unit_id, month, share_points, false as is_override from taken
),

-- A score set by hand is met by one row that holds the difference.
hand as (
    select
        score.version_id as version_id,
        score.scorecard as scorecard,
        '' as node,
        score.unit_kind as unit_kind,
        score.unit_id as unit_id,
        score.month as month,
        cast(score.score - sum(ordinary.share_points) as decimal(18, 8)) as share_points,
        true as is_override,
    from score
    inner join ordinary
        on ordinary.version_id = score.version_id
        and ordinary.scorecard = score.scorecard
        and ordinary.unit_kind = score.unit_kind
        and ordinary.unit_id = score.unit_id
        and ordinary.month = score.month
    where score.override_id is not null
    group by score.version_id, score.scorecard, score.unit_kind, score.unit_id, score.month, score.score
),

item as (
    select * from ordinary
    union all
    select * from hand
),

floored as (
    select
        item.*,
        score.score as score,
        floor(item.share_points * 100) as n_hundredths,
        item.share_points * 100 - floor(item.share_points * 100) as remainder,
    from item
    inner join score
        on score.version_id = item.version_id
        and score.scorecard = item.scorecard
        and score.unit_kind = item.unit_kind
        and score.unit_id = item.unit_id
        and score.month = item.month
),

ranked as (
    select
        floored.*,
        row_number() over (
            partition by version_id, scorecard, unit_id, unit_kind, month
            order by remainder desc, node, is_override
        ) as n_rank,
        score * 100 - sum(n_hundredths) over (
            partition by version_id, scorecard, unit_id, unit_kind, month
        ) as n_over,
    from floored
),

printed as (
    select
        version_id,
        scorecard,
        node,
        unit_kind,
        unit_id,
        month,
        is_override,
        share_points,
        cast((n_hundredths + case when n_rank <= n_over then 1 else 0 end) / 100 as decimal(18, 2)) as contribution,
    from ranked
),

above as (
    select version_id, scorecard, node, node as ancestor from node

    union all

    select above.version_id, above.scorecard, above.node, node.parent as ancestor
    from above
    inner join node
        on node.version_id = above.version_id
        and node.scorecard = above.scorecard
        and node.node = above.ancestor
    where node.parent is not null
),

summed as (
    select
        printed.version_id as version_id,
        printed.scorecard as scorecard,
        above.ancestor as node,
        printed.unit_kind as unit_kind,
        printed.unit_id as unit_id,
        printed.month as month,
        cast(sum(printed.share_points) as decimal(18, 8)) as share_points,
        cast(sum(printed.contribution) as decimal(18, 2)) as contribution,
    from printed
    inner join above
        on above.version_id = printed.version_id
        and above.scorecard = printed.scorecard
        and above.node = printed.node
    group by printed.version_id, printed.scorecard, above.ancestor, printed.unit_kind, printed.unit_id, printed.month
),

plain as (
    select
        node.version_id as version_id,
        node.scorecard as scorecard,
        node.node as node,
        node.parent as parent,
        node.depth as depth,
        node.sort as sort,
        node.kind as kind,
        coalesce(node.indicator, node.of_scorecard) as indicator,
        pattern.unit_kind as unit_kind,
        pattern.unit_id as unit_id,
        pattern.month as month,
        leaf.numerator as numerator,
        leaf.denominator as denominator,
        case when node.kind = 'scorecard' then cast(taken.points as double) else leaf.value end as value,
        case
            when node.kind in ('leaf', 'bonus') then leaf.points
            when node.kind = 'scorecard' then cast(taken.points as decimal(18, 6))
            when node.parent is null then cast(score.score as decimal(18, 6))
            else cast(round(ratio(summed.share_points, weight.share_rate), 6) as decimal(18, 6))
        end as points,
        node.weight as weight,
        weight.weight_used as weight_used,
        coalesce(summed.contribution, cast(0 as decimal(18, 2))) as contribution,
        weight.node is null or coalesce(leaf.is_left_out, false) as is_left_out,
        case
            when node.parent is null and score.override_id is not null then 'override'
            when weight.node is null then 'no_value'
            else coalesce(leaf.reason, '')
        end as reason,
        coalesce(leaf.override_id, case when node.parent is null then score.override_id end) as override_id,
        coalesce(leaf.override_reason, case when node.parent is null then score.override_reason end) as override_reason,
    from pattern
    inner join node
        on node.version_id = pattern.version_id
        and node.scorecard = pattern.scorecard
    left join weight
        on weight.version_id = pattern.version_id
        and weight.scorecard = pattern.scorecard
        and weight.month = pattern.month
        and weight.pattern = pattern.pattern
        and weight.node = node.node
    left join leaf
        on leaf.version_id = pattern.version_id
        and leaf.scorecard = pattern.scorecard
        and leaf.node = node.node
        and leaf.unit_kind = pattern.unit_kind
        and leaf.unit_id = pattern.unit_id
        and leaf.month = pattern.month
    left join taken
        on taken.version_id = pattern.version_id
        and taken.scorecard = pattern.scorecard
        and taken.node = node.node
        and taken.unit_kind = pattern.unit_kind
        and taken.unit_id = pattern.unit_id
        and taken.month = pattern.month
    left join summed
        on summed.version_id = pattern.version_id
        and summed.scorecard = pattern.scorecard
        and summed.node = node.node
        and summed.unit_kind = pattern.unit_kind
        and summed.unit_id = pattern.unit_id
        and summed.month = pattern.month
    left join score
        on score.version_id = pattern.version_id
        and score.scorecard = pattern.scorecard
        and score.unit_kind = pattern.unit_kind
        and score.unit_id = pattern.unit_id
        and score.month = pattern.month
),

by_hand as (
    select
        printed.version_id as version_id,
        printed.scorecard as scorecard,
        case when printed.node = '' then 'override' else printed.node || '/override' end as node,
        printed.node as parent,
        node.depth + 1 as depth,
        node.sort as sort,
        'override' as kind,
        cast(null as varchar) as indicator,
        printed.unit_kind as unit_kind,
        printed.unit_id as unit_id,
        printed.month as month,
        cast(null as decimal(28, 6)) as numerator,
        cast(null as decimal(28, 6)) as denominator,
        override.value as value,
        cast(null as decimal(18, 6)) as points,
        cast(null as double) as weight,
        cast(null as double) as weight_used,
        printed.contribution as contribution,
        false as is_left_out,
        'override' as reason,
        override.override_id as override_id,
        override.reason as override_reason,
    from printed
    inner join node
        on node.version_id = printed.version_id
        and node.scorecard = printed.scorecard
        and node.node = printed.node
    inner join scorecard.override as override
        on override.kind = 'score'
        and override.unit_kind = printed.unit_kind
        and override.unit_id = printed.unit_id
        and override.month = printed.month
        and override.item = case when printed.node = '' then printed.scorecard else printed.scorecard || '/' || printed.node end
    where printed.is_override
),

nodes as (
    select * from plain
    union all
    select * from by_hand
)

select * from nodes
