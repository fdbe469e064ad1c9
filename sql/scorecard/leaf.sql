-- One row: one leaf or bonus of a scorecard, one person and month.
-- Formula: points of the value on the leaf's curve: straight between two steps, flat outside the first and the last;
-- the value itself where there is no curve; never above the leaf's cap. Points set by hand replace them.
-- Without a value a leaf is left out, or scores 0 where the plan says so; a bonus without a value adds nothing.
-- Why: each point of a score is opened here to the indicator it comes from.
with
judged as (
    select * from scorecard.judged
),

version as (
    select * from plan.version
),

node as (
    select * from plan.node
    where kind in ('leaf', 'bonus')
),

measure as (
    select * from scorecard.measure
),

override as (
    select * from scorecard.override
    where kind = 'score'
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

measured as (
    select
        node.version_id as version_id,
        node.scorecard as scorecard,
        node.node as node,
        node.kind as kind,
        node.indicator as indicator,
        node.without_value as without_value,
        node.cap as cap,
        judged.unit_kind as unit_kind,
        judged.unit_id as unit_id,
        judged.month as month,
        measure.numerator as numerator,
        measure.denominator as denominator,
        measure.value as value,
        measure.override_id as override_id,
        measure.override_reason as override_reason,
    from judged
    inner join version
        on judged.month >= version.starts_on
        and judged.month <= coalesce(version.ends_on, date '9999-12-31')
    inner join node
        on node.version_id = version.version_id
    left join measure
        on measure.indicator = node.indicator
        and measure.unit_id = judged.unit_id
        and measure.month = judged.month
),

placed as (
    select
        measured.*,
        case
            when measured.value is null then null
            when step.from_value is null then measured.value
            when step.to_value is null or measured.value <= step.from_value then step.from_points
            else step.from_points
                + (step.to_points - step.from_points) * (measured.value - step.from_value) / (step.to_value - step.from_value)
        end as curve_points,
    from measured
    left join step
        on step.version_id = measured.version_id
        and step.scorecard = measured.scorecard
        and step.node = measured.node
        and (measured.value >= step.from_value or step.n_step = 1)
        and (measured.value < step.to_value or step.to_value is null)
),

scored as (
    select
        placed.version_id as version_id,
        placed.scorecard as scorecard,
        placed.node as node,
        placed.kind as kind,
        placed.indicator as indicator,
        placed.unit_kind as unit_kind,
        placed.unit_id as unit_id,
        placed.month as month,
        placed.numerator as numerator,
        placed.denominator as denominator,
        placed.value as value,
        cast(round(case
            when override.value is not null then override.value
            when placed.curve_points is not null then least(placed.curve_points, coalesce(placed.cap, placed.curve_points))
            when placed.without_value = 'zero' or placed.kind = 'bonus' then 0
        end, 6) as decimal(18, 6)) as points,
        placed.curve_points is null and override.value is null and placed.without_value <> 'zero' as is_left_out,
        case
            when override.value is not null or placed.override_id is not null then 'override'
            when placed.curve_points is null and placed.without_value = 'zero' then 'scored_zero'
            when placed.curve_points is null then 'no_value'
            else ''
        end as reason,
        coalesce(override.override_id, placed.override_id) as override_id,
        coalesce(override.reason, placed.override_reason) as override_reason,
    from placed
    left join override
        on override.unit_kind = placed.unit_kind
        and override.unit_id = placed.unit_id
        and override.month = placed.month
        and override.item = placed.scorecard || '/' || placed.node
)

select * from scored
