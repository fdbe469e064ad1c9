-- One row: one team and month that reached the plan's threshold of its target.
-- Formula: pool = rate x (sales - target), half up to the cent.
-- Why: what a team earned together is known before it is shared.
with
attainment as (
    select * from indicators.target_attainment
    where unit_kind = 'team'
),

version as (
    select * from plan.version
),

pay as (
    select * from plan.pay
),

reached as (
    select
        attainment.unit_id as team_id,
        attainment.month as month,
        version.version_id as version_id,
        cast(attainment.numerator as decimal(18, 4)) as sales_amount,
        cast(attainment.denominator as decimal(18, 4)) as target_amount,
        cast(pay.pool_threshold as decimal(8, 6)) as threshold_rate,
        cast(pay.pool_rate as decimal(8, 6)) as rate,
        pay.pool_sharing as sharing,
    from attainment
    inner join version
        on attainment.month >= version.starts_on
        and attainment.month <= coalesce(version.ends_on, date '9999-12-31')
    inner join pay
        on pay.version_id = version.version_id
    where attainment.denominator > 0
    and pay.pool_rate > 0
),

pooled as (
    select
        team_id,
        month,
        version_id,
        sales_amount,
        target_amount,
        ratio(sales_amount, target_amount) as attainment_rate,
        threshold_rate,
        rate,
        sharing,
        cents(cast(sales_amount - target_amount as decimal(20, 4)) * rate) as amount,
    from reached
    where sales_amount >= cast(target_amount as decimal(20, 4)) * threshold_rate
)

select * from pooled
