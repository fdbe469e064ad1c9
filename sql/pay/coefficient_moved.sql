-- One row: one person and month whose market coefficient somebody set by hand: by an override, or by publishing one where the
-- plan's mode lets it count; with what that moved against the coefficient of the data alone.
-- Formula: points_moved = points - points by the data; score_moved = sum over the leaves of the scorecard for pay that difficulty
-- enters of (points of the leaf - points on its curve by the data) x its share of the score; pay_moved = pay before the score x
-- score_moved / standard score. Floors and caps of the score itself, releases and the team pool are not in it.
-- Why: whoever sets a number by hand sees what it moved, and so do all others.
with
coefficient as (
    select * from difficulty.rep_coefficient
    where override_id is not null or mode in ('policy', 'blend') or mode = 'override' and published_rate > 0
),

policy_cell as (
    select * from difficulty.policy_cell
),

version as (
    select * from plan.version
),

pay as (
    select * from plan.pay
),

node as (
    select * from plan.node
    where indicator in ('adjusted_attainment', 'difficulty_points')
),

leaf as (
    select * from scorecard.leaf
    where indicator in ('adjusted_attainment', 'difficulty_points')
    and reason = ''
),

pattern as (
    select * from scorecard.pattern
),

weight as (
    select * from scorecard.weight
),

earning as (
    select * from pay.earning
),

step as (
    select
        version_id,
        scorecard,
        node,
        value as from_value,
        points as from_points,
        lead(value) over (partition by version_id, scorecard, node order by value, step) as to_value,
        lead(points) over (partition by version_id, scorecard, node order by value, step) as to_points,
        row_number() over (partition by version_id, scorecard, node order by value, step) as n_step,
    from plan.curve
),

hand as (
    select
        coefficient.*,
        policy_cell.version_id as published_in,
        case when coefficient.override_id is not null then 'override' else 'policy' end as source,
        case when coefficient.override_id is not null then coefficient.override_approver else policy_cell.approver end as approver,
        case when coefficient.override_id is not null then coefficient.override_reason else policy_cell.reason end as reason,
        case when coefficient.override_id is not null then coefficient.override_expires_on else policy_cell.ends_on end as expires_on,
    from coefficient
    left join policy_cell
        on policy_cell.cell_id = coefficient.cell_id
        and policy_cell.month = coefficient.month
    where coefficient.override_id is not null or policy_cell.cell_id is not null
),

leaf_moved as (
    select
        hand.rep_id as rep_id,
        hand.month as month,
        leaf.points as points,
        weight.share_rate as share_rate,
        node.cap as cap,
        case
            when step.from_value is null then by_data.value
            when step.to_value is null or by_data.value <= step.from_value then step.from_points
            else step.from_points
                + (step.to_points - step.from_points) * (by_data.value - step.from_value) / (step.to_value - step.from_value)
        end as points_data,
    from hand
    join version
        on hand.month >= version.starts_on
        and hand.month <= coalesce(version.ends_on, date '9999-12-31')
    join pay
        on pay.version_id = version.version_id
    join leaf
        on leaf.version_id = version.version_id
        and leaf.scorecard = pay.score_scorecard
        and leaf.unit_kind = 'rep'
        and leaf.unit_id = hand.rep_id
        and leaf.month = hand.month
    join node
        on node.version_id = leaf.version_id
        and node.scorecard = leaf.scorecard
        and node.node = leaf.node
    join pattern
        on pattern.version_id = leaf.version_id
        and pattern.scorecard = leaf.scorecard
        and pattern.unit_kind = leaf.unit_kind
        and pattern.unit_id = leaf.unit_id
        and pattern.month = leaf.month
    join weight
        on weight.version_id = pattern.version_id
        and weight.scorecard = pattern.scorecard
        and weight.month = pattern.month
        and weight.pattern = pattern.pattern
        and weight.node = leaf.node
    cross join lateral (
        select case when leaf.indicator = 'difficulty_points' then hand.points_data else hand.adjusted_pay_data end as value
    ) as by_data
    left join step
        on step.version_id = leaf.version_id
        and step.scorecard = leaf.scorecard
        and step.node = leaf.node
        and (by_data.value >= step.from_value or step.n_step = 1)
        and (by_data.value < step.to_value or step.to_value is null)
),

score_moved as (
    select
        rep_id,
        month,
        sum((points - least(points_data, coalesce(cap, points_data))) * share_rate) as score_moved,
    from leaf_moved
    group by rep_id, month
),

moved as (
    select
        hand.rep_id as rep_id,
        hand.month as month,
        hand.cell_id as cell_id,
        hand.source as source,
        hand.approver as approver,
        hand.reason as reason,
        hand.expires_on as expires_on,
        hand.published_in as published_in,
        hand.d as d,
        hand.d_data as d_data,
        hand.d_low as d_low,
        hand.d_high as d_high,
        hand.points - hand.points_data as points_moved,
        coalesce(score_moved.score_moved, 0) as score_moved,
        cents(coalesce(earning.bracket_amount * score_moved.score_moved / earning.standard_score, 0)) as pay_moved,
    from hand
    left join score_moved
        on score_moved.rep_id = hand.rep_id
        and score_moved.month = hand.month
    left join earning
        on earning.rep_id = hand.rep_id
        and earning.month = hand.month
)

select * from moved
