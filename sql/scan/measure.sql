-- One row: one indicator of one imagined person and month. Stands for scorecard.measure.
-- Formula: sales, attainment, expenses and cash as the point says; every other indicator as scan.value says, the point's own first.
-- Why: scores, pay and rules are calculated from these as from real ones.
with
own as (
    select rep_id, indicator, value from scan.value
    where rep_id <> ''

    union all

    select point.rep_id as rep_id, usual.indicator as indicator, usual.value as value
    from scan.point as point
    inner join scan.value as usual
        on usual.rep_id = ''
    left join scan.value as own
        on own.rep_id = point.rep_id
        and own.indicator = usual.indicator
    where own.rep_id is null

    union all

    select rep_id, 'target_attainment' as indicator, attainment as value from scan.point

    union all

    select rep_id, 'collection_rate' as indicator, collection_rate as value from scan.point
),

sides as (
    select
        rep_id,
        indicator,
        cast(value as decimal(28, 6)) as numerator,
        cast(1 as decimal(28, 6)) as denominator,
        value,
    from own

    union all

    select
        rep_id,
        'sales_amount' as indicator,
        cast(sales_amount as decimal(28, 6)) as numerator,
        cast(1 as decimal(28, 6)) as denominator,
        cast(sales_amount as double) as value,
    from scan.point

    union all

    select
        point.rep_id as rep_id,
        pay.base_indicator as indicator,
        cast(point.sales_amount as decimal(28, 6)) as numerator,
        cast(1 as decimal(28, 6)) as denominator,
        cast(point.sales_amount as double) as value,
    from scan.point as point
    cross join plan.pay as pay
    where pay.base_indicator <> 'sales_amount'

    union all

    select
        rep_id,
        'expense_ratio' as indicator,
        cast(expense_amount as decimal(28, 6)) as numerator,
        cast(sales_amount as decimal(28, 6)) as denominator,
        ratio(expense_amount, sales_amount) as value,
    from scan.point
),

measured as (
    select
        sides.indicator as indicator,
        'rep' as unit_kind,
        sides.rep_id as unit_id,
        month.month as month,
        sides.numerator as numerator,
        sides.denominator as denominator,
        sides.value as value,
        cast(null as varchar) as override_id,
        cast(null as varchar) as override_reason,
    from sides
    cross join scan.month as month
)

select * from measured
