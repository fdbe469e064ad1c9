-- One row: one person and month, with what commission is calculated on.
-- Formula: the plan's base indicator; where it is sales or gross profit, returns of orders of earlier months are added back.
-- factor = product of the reduced rates of the rules that hold.
-- Why: a return of an older order claws back the commission of that order, at the rate it was sold at; it does not cost twice.
with
judged as (
    select * from scorecard.judged
),

version as (
    select * from plan.version
),

pay as (
    select * from plan.pay
),

measure as (
    select * from scorecard.measure
    where indicator = 'sales_amount'
    or indicator in (select base_indicator from plan.pay)
),

returned as (
    select
        rep_id,
        month,
        sum(amount) as amount,
        sum(profit_amount) as profit_amount,
    from core.settlement_line
    where kind = 'return'
    and month > sale_month
    group by rep_id, month
),

reduced as (
    select
        rep_id,
        month,
        product(rate) as factor,
    from pay.rule_effect
    where effect = 'reduced_rate'
    group by rep_id, month
),

known as (
    select
        judged.unit_id as rep_id,
        judged.month as month,
        version.version_id as version_id,
        pay.tier_method as tier_method,
        pay.base_indicator as base_indicator,
        cast(coalesce(
            case when sales.override_id is null then sales.numerator else cast(sales.value as decimal(28, 6)) end, 0
        ) as decimal(18, 4)) as sales_amount,
        cast(coalesce(
            case
                when base.override_id is null and base.denominator = 1 then base.numerator
                else cast(base.value as decimal(28, 6))
            end, 0
        ) as decimal(18, 4)) as indicator_amount,
        cast(coalesce(
            case pay.base_indicator when 'sales_amount' then returned.amount when 'gross_profit' then returned.profit_amount end, 0
        ) as decimal(18, 4)) as returned_amount,
        cast(round(coalesce(reduced.factor, 1), 6) as decimal(8, 6)) as factor,
    from judged
    inner join version
        on judged.month >= version.starts_on
        and judged.month <= coalesce(version.ends_on, date '9999-12-31')
    inner join pay
        on pay.version_id = version.version_id
    left join measure as sales
        on sales.indicator = 'sales_amount'
        and sales.unit_id = judged.unit_id
        and sales.month = judged.month
    left join measure as base
        on base.indicator = pay.base_indicator
        and base.unit_id = judged.unit_id
        and base.month = judged.month
    left join returned
        on returned.rep_id = judged.unit_id
        and returned.month = judged.month
    left join reduced
        on reduced.rep_id = judged.unit_id
        and reduced.month = judged.month
),

based as (
    select
        known.*,
        cast(indicator_amount + returned_amount as decimal(18, 4)) as base_amount,
    from known
)

select * from based
