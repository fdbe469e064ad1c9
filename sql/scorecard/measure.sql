-- One row: one indicator of one person and month, as scores and pay use it.
-- Formula: the indicator's value; a value set by hand replaces it, and numerator and denominator stay as exported.
-- Why: scores, pay and rules read the same figure, and see what was set by hand.
with
value as (
    select indicator, unit_kind, unit_id, month, numerator, denominator, value from indicators.value
    where unit_kind = 'rep'

    union all

    select 'adjusted_attainment' as indicator, unit_kind, unit_id, month, numerator, denominator, ratio(numerator, denominator) as value
    from difficulty.adjusted_attainment

    union all

    select 'difficulty_points' as indicator, unit_kind, unit_id, month, numerator, denominator, ratio(numerator, denominator) as value
    from difficulty.difficulty_points
),

override as (
    select * from scorecard.override
    where kind = 'indicator'
    and unit_kind = 'rep'
),

known as (
    select
        value.indicator as indicator,
        value.unit_kind as unit_kind,
        value.unit_id as unit_id,
        value.month as month,
        value.numerator as numerator,
        value.denominator as denominator,
        coalesce(override.value, value.value) as value,
        override.override_id as override_id,
        override.reason as override_reason,
    from value
    left join override
        on override.unit_id = value.unit_id
        and override.month = value.month
        and override.item = value.indicator
),

given as (
    select
        override.item as indicator,
        override.unit_kind as unit_kind,
        override.unit_id as unit_id,
        override.month as month,
        cast(null as decimal(28, 6)) as numerator,
        cast(null as decimal(28, 6)) as denominator,
        override.value as value,
        override.override_id as override_id,
        override.reason as override_reason,
    from override
    left join value
        on value.indicator = override.item
        and value.unit_id = override.unit_id
        and value.month = override.month
    where value.unit_id is null
),

measured as (
    select * from known
    union all
    select * from given
)

select * from measured
