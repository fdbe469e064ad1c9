-- One row: one scorecard, one person and month, with the leaves that are left out.
-- Formula: names of the leaves without a value, in order; a leaf that takes the score of another scorecard is without a
-- value where nothing in that scorecard has one. n_counted counts the leaves with a value, those of such scorecards too.
-- Why: people with the same leaves left out share one set of weights, however many people there are.
with recursive
node as (
    select * from plan.node
),

leaf as (
    select * from scorecard.leaf
    where kind = 'leaf'
),

part as (
    select version_id, scorecard, scorecard as of_scorecard from plan.scorecard

    union

    select part.version_id, part.scorecard, node.of_scorecard
    from part
    inner join node
        on node.version_id = part.version_id
        and node.scorecard = part.of_scorecard
        and node.kind = 'scorecard'
),

own as (
    select
        version_id,
        scorecard,
        unit_kind,
        unit_id,
        month,
        sum(case when is_left_out then 0 else 1 end) as n_counted,
    from leaf
    group by version_id, scorecard, unit_kind, unit_id, month
),

counted as (
    select
        part.version_id as version_id,
        part.scorecard as scorecard,
        own.unit_kind as unit_kind,
        own.unit_id as unit_id,
        own.month as month,
        sum(own.n_counted) as n_counted,
    from part
    inner join own
        on own.version_id = part.version_id
        and own.scorecard = part.of_scorecard
    group by part.version_id, part.scorecard, own.unit_kind, own.unit_id, own.month
),

missing as (
    select version_id, scorecard, unit_kind, unit_id, month, node
    from leaf
    where is_left_out

    union all

    select
        node.version_id,
        node.scorecard,
        counted.unit_kind,
        counted.unit_id,
        counted.month,
        node.node,
    from node
    inner join counted
        on counted.version_id = node.version_id
        and counted.scorecard = node.of_scorecard
    where node.kind = 'scorecard'
    and node.without_value <> 'zero'
    and counted.n_counted = 0
),

listed as (
    select
        version_id,
        scorecard,
        unit_kind,
        unit_id,
        month,
        string_agg(node, ',' order by node) as pattern,
        count(*) as n_left_out,
    from missing
    group by version_id, scorecard, unit_kind, unit_id, month
),

patterned as (
    select
        counted.version_id as version_id,
        counted.scorecard as scorecard,
        counted.unit_kind as unit_kind,
        counted.unit_id as unit_id,
        counted.month as month,
        coalesce(listed.pattern, '') as pattern,
        cast(coalesce(listed.n_left_out, 0) as integer) as n_left_out,
        cast(counted.n_counted as integer) as n_counted,
    from counted
    left join listed
        on listed.version_id = counted.version_id
        and listed.scorecard = counted.scorecard
        and listed.unit_kind = counted.unit_kind
        and listed.unit_id = counted.unit_id
        and listed.month = counted.month
)

select * from patterned
