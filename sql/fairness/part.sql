-- One row: one leaf of the scorecard under review for one person: its points and its weight in the whole score.
-- Formula: weight = the leaf's weight x those of all branches above it, as the plan in force writes them; points that
-- are missing stay missing. The leaf of adjusted attainment is the part that the coefficient moves.
-- Why: trying other weights needs the parts and not the sum.
with recursive
person as (
    select * from fairness.person
),

node_score as (
    select * from scorecard.node_score
    where unit_kind = 'rep'
),

node as (
    select * from plan.node
),

version as (
    select plan_version.version_id as version_id
    from plan.version as plan_version
    cross join (select max(month) as month from person) as period
    where period.month between plan_version.starts_on and coalesce(plan_version.ends_on, date '9999-12-31')
),

card as (
    select
        scorecard,
        row_number() over (order by case scorecard when 'evaluation' then 1 when 'monthly' then 2 when 'pay' then 3 else 4 end, scorecard) as place,
    from (
        select distinct node_score.scorecard
        from node_score
        inner join (select max(month) as month from person) as period
            on period.month = node_score.month
    )
),

weighted as (
    select
        node.version_id as version_id,
        node.scorecard as scorecard,
        node.node as node,
        node.kind as kind,
        cast(1 as double) as weight,
    from node
    where node.parent is null

    union all

    select
        node.version_id as version_id,
        node.scorecard as scorecard,
        node.node as node,
        node.kind as kind,
        weighted.weight * cast(node.weight as double) as weight,
    from node
    inner join weighted
        on weighted.version_id = node.version_id
        and weighted.scorecard = node.scorecard
        and weighted.node = node.parent
    where node.weight is not null
),

part as (
    select
        node_score.unit_id as rep_id,
        node_score.node as node,
        node_score.indicator as indicator,
        weighted.weight as weight,
        cast(node_score.points as double) as points,
        coalesce(node_score.indicator = 'adjusted_attainment', false) as is_market,
    from node_score
    inner join card
        on card.scorecard = node_score.scorecard
        and card.place = 1
    inner join version
        on version.version_id = node_score.version_id
    inner join weighted
        on weighted.version_id = node_score.version_id
        and weighted.scorecard = node_score.scorecard
        and weighted.node = node_score.node
        and weighted.kind in ('leaf', 'scorecard')
    inner join person
        on person.rep_id = node_score.unit_id
        and person.month = node_score.month
)

select * from part
order by rep_id, node
