-- One row: one printed line of a person's month, without what comes from other months' results.
-- Formula: amounts of pay.earning, signed; a line set by hand adds a line `override/<line>` with the difference.
-- Why: carrying forward, closing and restating all start from the same lines.
with
earning as (
    select * from pay.earning
),

release as (
    select
        rep_id,
        month,
        sum(paid_out_amount) as paid_out_amount,
        sum(taken_back_amount) as taken_back_amount,
    from pay.release
    group by rep_id, month
),

rule_effect as (
    select * from pay.rule_effect
    where effect = 'bonus'
),

pool as (
    select
        rep_id,
        month,
        sum(amount) as amount,
        sum(n_duty_days) as n_duty_days,
    from pay.pool_share
    group by rep_id, month
),

override as (
    select * from scorecard.override
    where kind = 'pay'
    and unit_kind = 'rep'
),

printed as (
    select rep_id, month, 10 as sort, 'commission' as line, tier_amount as amount, false as is_total,
        base_amount, cast(ratio(tier_amount, base_amount) as double) as rate, cast(n_orders as double) as quantity, cast(commission_factor as double) as factor,
        cast(null as varchar) as reason,
    from earning

    union all

    select rep_id, month, 20, 'void', cast(-tier_amount as decimal(18, 2)), false,
        expense_amount, expense_rate, sales_amount, null, 'expenses above the ceiling'
    from earning
    where is_void

    union all

    select rep_id, month, 30, 'accrued', cast(-accrued_amount as decimal(18, 2)), false,
        commission_amount, 1 - collection_rate, cast(net_amount - paid_amount as double), null, null
    from earning
    where accrued_amount <> 0

    union all

    select rep_id, month, 40, 'earned', earned_amount, true,
        commission_amount, collection_rate, cast(paid_amount as double), null, null
    from earning

    union all

    select rep_id, month, 50, 'overrun', cast(-overrun_amount as decimal(18, 2)), false,
        overrun_base_amount, cast(overrun_share as double), expense_rate, null, case when has_exception then 'exception' end
    from earning
    where overrun_amount <> 0
    and not is_void

    union all

    select rep_id, month, 60, 'saving', saving_amount, false,
        saving_base_amount, cast(saving_share as double), expense_rate, null, 'inside'
    from earning
    where is_saving_inside
    and saving_amount <> 0
    and not is_void

    union all

    select rep_id, month, 70, 'score', cast(performance_amount - bracket_amount as decimal(18, 2)), false,
        bracket_amount, cast(standard_score as double), cast(score as double), cast(factor as double), case when not has_score then 'no score' end
    from earning

    union all

    select rep_id, month, 80, 'performance', performance_amount, true,
        bracket_amount, cast(standard_score as double), cast(score as double), cast(factor as double), null
    from earning

    union all

    select rep_id, month, 90, 'saving', saving_amount, false,
        saving_base_amount, cast(saving_share as double), expense_rate, null, null
    from earning
    where not is_saving_inside
    and saving_amount <> 0
    and not is_void

    union all

    select earning.rep_id, earning.month, 100, 'released', earning.released_amount, false,
        release.paid_out_amount, null, null, ratio(earning.released_amount, release.paid_out_amount), null
    from earning
    inner join release
        on release.rep_id = earning.rep_id
        and release.month = earning.month
    where release.paid_out_amount <> 0

    union all

    select earning.rep_id, earning.month, 110, 'clawed_back', cast(-earning.clawed_back_amount as decimal(18, 2)), false,
        release.taken_back_amount, null, null, ratio(earning.clawed_back_amount, release.taken_back_amount), null
    from earning
    inner join release
        on release.rep_id = earning.rep_id
        and release.month = earning.month
    where release.taken_back_amount <> 0

    union all

    select rep_id, month, 120, 'pool', amount, false, null, null, cast(n_duty_days as double), null, null
    from pool

    union all

    select rep_id, month, 200 + sort, 'rule/' || rule, amount, false, null, null, value, limit_value, null
    from rule_effect
),

typed as (
    select
        rep_id,
        month,
        cast(sort as integer) as sort,
        line,
        cast(amount as decimal(18, 2)) as amount,
        is_total,
        cast(base_amount as decimal(18, 4)) as base_amount,
        cast(rate as double) as rate,
        cast(quantity as double) as quantity,
        cast(factor as double) as factor,
        reason,
    from printed
),

corrected as (
    select
        override.unit_id as rep_id,
        override.month as month,
        override.item as item,
        override.value as value,
        override.reason as reason,
        cents(cast(round(override.value, 4) as decimal(18, 4)) - coalesce(max(typed.amount), 0)) as amount,
    from override
    inner join earning
        on earning.rep_id = override.unit_id
        and earning.month = override.month
    left join typed
        on typed.rep_id = override.unit_id
        and typed.month = override.month
        and typed.line = override.item
    where override.item <> 'total'
    group by override.unit_id, override.month, override.item, override.value, override.reason
),

before_total as (
    select rep_id, month, amount from typed
    where not is_total
    union all
    select rep_id, month, amount from corrected
),

summed as (
    select
        rep_id,
        month,
        sum(amount) as amount,
    from before_total
    group by rep_id, month
),

lines as (
    select * from typed

    union all

    select
        rep_id,
        month,
        400 as sort,
        'override/' || item as line,
        amount,
        false as is_total,
        cast(null as decimal(18, 4)) as base_amount,
        cast(null as double) as rate,
        value as quantity,
        cast(null as double) as factor,
        reason,
    from corrected

    union all

    select
        override.unit_id,
        override.month,
        410 as sort,
        'override/total' as line,
        cents(cast(round(override.value, 4) as decimal(18, 4)) - summed.amount),
        false as is_total,
        cast(null as decimal(18, 4)),
        cast(null as double),
        override.value,
        cast(null as double),
        override.reason,
    from override
    inner join summed
        on summed.rep_id = override.unit_id
        and summed.month = override.month
    where override.item = 'total'
)

select * from lines
