-- One row: one rule of the plan that holds for one person and month.
-- Formula: the condition is met in this month and in all months before it that the rule asks for, one after the other.
-- `score` is the score for pay, `attainment` the target attainment; anything else is an indicator. No value meets nothing.
-- Why: rewards and penalties follow from written conditions, and each is printed with the value that met it.
with
version as (
    select * from plan.version
),

rule as (
    select * from plan.rule
),

measure as (
    select * from scorecard.measure
    where indicator in (select case indicator when 'attainment' then 'target_attainment' else indicator end from plan.rule)
),

score as (
    select * from pay.score_factor
),

value as (
    select unit_id as rep_id, month, indicator, value from measure
    union all
    select unit_id as rep_id, month, 'attainment' as indicator, value from measure
    where indicator = 'target_attainment'
    union all
    select rep_id, month, 'score' as indicator, cast(score as double) as value from score
),

met as (
    select
        value.rep_id as rep_id,
        value.month as month,
        version.version_id as version_id,
        rule.rule as rule,
        rule.sort as sort,
        rule.indicator as indicator,
        value.value as value,
        rule.value as limit_value,
        rule.months as n_months_needed,
        rule.effect as effect,
        rule.amount as amount,
        rule.rate as rate,
        extract(year from value.month) * 12 + extract(month from value.month) as n_month,
    from value
    inner join version
        on value.month >= version.starts_on
        and value.month <= coalesce(version.ends_on, date '9999-12-31')
    inner join rule
        on rule.version_id = version.version_id
        and rule.indicator = value.indicator
    where case rule.comparison
        when '>=' then round(value.value, 9) >= rule.value
        when '>' then round(value.value, 9) > rule.value
        when '<=' then round(value.value, 9) <= rule.value
        else round(value.value, 9) < rule.value
    end
),

streak as (
    select
        met.*,
        n_month - row_number() over (partition by rep_id, rule order by n_month) as n_streak,
    from met
),

counted as (
    select
        streak.*,
        row_number() over (partition by rep_id, rule, n_streak order by n_month) as n_months,
    from streak
),

effective as (
    select
        rep_id,
        month,
        version_id,
        rule,
        sort,
        indicator,
        value,
        limit_value,
        cast(n_months as integer) as n_months,
        effect,
        case when effect = 'bonus' then cast(coalesce(amount, 0) as decimal(18, 2)) end as amount,
        case when effect = 'reduced_rate' then cast(coalesce(rate, 1) as decimal(8, 6)) end as rate,
    from counted
    where n_months >= coalesce(n_months_needed, 1)
)

select * from effective
