-- One row: one node of a scorecard under one pattern of leaves left out in a month.
-- Formula: weight used = weight / weights of the siblings that have a value below them; share_rate = product of the weights used
-- from the root to the node. A bonus weighs nothing and passes its points on as its parent does.
-- Why: the weight of what has no value is shared among its siblings, at every level of any tree.
with recursive
node as (
    select * from plan.node
),

pattern as (
    select distinct version_id, scorecard, month, pattern
    from scorecard.pattern
    where n_counted > 0
),

leaf as (
    select
        pattern.version_id as version_id,
        pattern.scorecard as scorecard,
        pattern.month as month,
        pattern.pattern as pattern,
        node.node as node,
        node.parent as parent,
    from pattern
    inner join node
        on node.version_id = pattern.version_id
        and node.scorecard = pattern.scorecard
    where node.kind in ('leaf', 'scorecard')
    and not list_contains(string_split(pattern.pattern, ','), node.node)
),

counted as (
    select version_id, scorecard, month, pattern, node, parent from leaf

    union

    select
        counted.version_id,
        counted.scorecard,
        counted.month,
        counted.pattern,
        node.node,
        node.parent,
    from counted
    inner join node
        on node.version_id = counted.version_id
        and node.scorecard = counted.scorecard
        and node.node = counted.parent
),

sibling as (
    select
        counted.*,
        node.weight as weight,
        sum(node.weight) over (
            partition by counted.version_id, counted.scorecard, counted.month, counted.pattern, counted.parent
        ) as sum_of_weights,
    from counted
    inner join node
        on node.version_id = counted.version_id
        and node.scorecard = counted.scorecard
        and node.node = counted.node
),

used as (
    select
        version_id,
        scorecard,
        month,
        pattern,
        node,
        parent,
        case when parent is null then 1 else coalesce(ratio(weight, sum_of_weights), 0) end as weight_used,
    from sibling
),

shared as (
    select version_id, scorecard, month, pattern, node, weight_used, cast(1 as double) as share_rate
    from used
    where parent is null

    union all

    select
        used.version_id,
        used.scorecard,
        used.month,
        used.pattern,
        used.node,
        used.weight_used,
        shared.share_rate * used.weight_used as share_rate,
    from shared
    inner join used
        on used.version_id = shared.version_id
        and used.scorecard = shared.scorecard
        and used.month = shared.month
        and used.pattern = shared.pattern
        and used.parent = shared.node
),

weighed as (
    select version_id, scorecard, month, pattern, node, weight_used, share_rate from shared

    union all

    select
        shared.version_id,
        shared.scorecard,
        shared.month,
        shared.pattern,
        node.node,
        cast(null as double) as weight_used,
        shared.share_rate,
    from shared
    inner join node
        on node.version_id = shared.version_id
        and node.scorecard = shared.scorecard
        and node.parent = shared.node
    where node.kind = 'bonus'
)

select * from weighed
