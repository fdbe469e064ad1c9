-- One row: one leaf or bonus that counts in a scorecard, one person and month; or one branch whose points were set by hand.
-- Formula: exact share of the score = points x weights used from the root down, to the eighth decimal; a branch set by
-- hand adds what its points differ from those of the leaves below it.
-- Why: a score is the plain sum of these rows.
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

override as (
    select * from scorecard.override
    where kind = 'score'
),

leaf_share as (
    select
        leaf.version_id as version_id,
        leaf.scorecard as scorecard,
        leaf.node as node,
        leaf.unit_kind as unit_kind,
        leaf.unit_id as unit_id,
        leaf.month as month,
        cast(round(cast(leaf.points as double) * weight.share_rate, 8) as decimal(18, 8)) as share_points,
    from leaf
    inner join pattern
        on pattern.version_id = leaf.version_id
        and pattern.scorecard = leaf.scorecard
        and pattern.unit_kind = leaf.unit_kind
        and pattern.unit_id = leaf.unit_id
        and pattern.month = leaf.month
    inner join weight
        on weight.version_id = pattern.version_id
        and weight.scorecard = pattern.scorecard
        and weight.month = pattern.month
        and weight.pattern = pattern.pattern
        and weight.node = leaf.node
    where leaf.points is not null
),

set_branch as (
    select
        node.version_id as version_id,
        node.scorecard as scorecard,
        node.node as node,
        override.unit_kind as unit_kind,
        override.unit_id as unit_id,
        override.month as month,
        override.value * weight.share_rate as set_points,
    from override
    inner join node
        on node.kind = 'branch'
        and node.parent is not null
        and override.item = node.scorecard || '/' || node.node
    inner join pattern
        on pattern.version_id = node.version_id
        and pattern.scorecard = node.scorecard
        and pattern.unit_kind = override.unit_kind
        and pattern.unit_id = override.unit_id
        and pattern.month = override.month
    inner join weight
        on weight.version_id = pattern.version_id
        and weight.scorecard = pattern.scorecard
        and weight.month = pattern.month
        and weight.pattern = pattern.pattern
        and weight.node = node.node
),

below as (
    select version_id, scorecard, node, node as descendant from set_branch

    union

    select below.version_id, below.scorecard, below.node, node.node as descendant
    from below
    inner join node
        on node.version_id = below.version_id
        and node.scorecard = below.scorecard
        and node.parent = below.descendant
),

below_share as (
    select
        set_branch.version_id as version_id,
        set_branch.scorecard as scorecard,
        set_branch.node as node,
        set_branch.unit_kind as unit_kind,
        set_branch.unit_id as unit_id,
        set_branch.month as month,
        max(set_branch.set_points) as set_points,
        sum(leaf_share.share_points) as share_points,
    from set_branch
    inner join below
        on below.version_id = set_branch.version_id
        and below.scorecard = set_branch.scorecard
        and below.node = set_branch.node
    left join leaf_share
        on leaf_share.version_id = below.version_id
        and leaf_share.scorecard = below.scorecard
        and leaf_share.node = below.descendant
        and leaf_share.unit_kind = set_branch.unit_kind
        and leaf_share.unit_id = set_branch.unit_id
        and leaf_share.month = set_branch.month
    group by set_branch.version_id, set_branch.scorecard, set_branch.node, set_branch.unit_kind, set_branch.unit_id, set_branch.month
),

shares as (
    select version_id, scorecard, node, unit_kind, unit_id, month, share_points, false as is_override
    from leaf_share

    union all

    select
        version_id,
        scorecard,
        node,
        unit_kind,
        unit_id,
        month,
        cast(round(set_points - coalesce(share_points, 0), 8) as decimal(18, 8)) as share_points,
        true as is_override,
    from below_share
)

select * from shares
