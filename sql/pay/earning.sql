-- One row: one person and month, with every amount of the own statement, each rounded once.
-- Formula: earned = commission x collection rate; bracket = earned - overrun x repay share (+ saving reward where the plan puts it
-- inside); performance = bracket x score / standard score; then the saving reward, releases and claw-backs at the score of their
-- month of sale, the team pool and bonuses of rules.
-- Why: the one place where a month's pay is put together; pay.own_line prints it, pay.statement shows it.
with
commission as (
    select * from pay.commission
),

version as (
    select * from plan.version
),

pay as (
    select * from plan.pay
),

expense as (
    select * from pay.expense
),

factor as (
    select * from pay.score_factor
),

orders as (
    select
        rep_id,
        month,
        sum(net_amount) as net_amount,
        sum(paid_amount) as paid_amount,
        sum(earned_amount) as earned_amount,
        sum(accrued_amount) as accrued_amount,
        count(*) as n_orders,
    from pay.order_share
    group by rep_id, month
),

release as (
    select
        rep_id,
        month,
        sum(paid_out_amount) as paid_out_amount,
        sum(taken_back_amount) as taken_back_amount,
        cents(sum(released_amount)) as released_amount,
        cents(sum(clawed_back_amount)) as clawed_back_amount,
    from pay.release
    group by rep_id, month
),

pool as (
    select
        rep_id,
        month,
        sum(amount) as amount,
    from pay.pool_share
    group by rep_id, month
),

bonus as (
    select
        rep_id,
        month,
        sum(amount) as amount,
    from pay.rule_effect
    where effect = 'bonus'
    group by rep_id, month
),

restated as (
    select line.rep_id as rep_id, calendar.month as month
    from state.closed_line as line
    inner join core.calendar as calendar
        on calendar.month = month_of(line.month)

    union

    select line.rep_id as rep_id, month.month as month
    from (select distinct rep_id from state.closed_line) as line
    inner join (
        select min(month) as month
        from core.month
        where month > (select max(month_of(month)) from state.closed)
    ) as month
        on month.month is not null
),

who as (
    select rep_id, month from commission
    union
    select rep_id, month from release
    union
    select rep_id, month from pool
    union
    select rep_id, month from restated
),

gathered as (
    select
        who.rep_id as rep_id,
        who.month as month,
        version.version_id as version_id,
        coalesce(commission.sales_amount, 0) as sales_amount,
        coalesce(commission.returned_amount, 0) as returned_amount,
        coalesce(commission.base_amount, 0) as base_amount,
        coalesce(commission.factor, 1) as commission_factor,
        coalesce(commission.tier_amount, 0) as tier_amount,
        coalesce(commission.is_void, false) as is_void,
        coalesce(commission.commission_amount, 0) as commission_amount,
        coalesce(orders.net_amount, 0) as net_amount,
        coalesce(orders.paid_amount, 0) as paid_amount,
        coalesce(orders.accrued_amount, 0) as accrued_amount,
        coalesce(orders.n_orders, 0) as n_orders,
        expense.band as expense_band,
        coalesce(expense.expense_amount, 0) as expense_amount,
        expense.expense_rate as expense_rate,
        coalesce(expense.overrun_amount, 0) as overrun_base_amount,
        coalesce(expense.saving_amount, 0) as saving_base_amount,
        expense.has_exception as has_exception,
        cast(pay.overrun_share as decimal(8, 6)) as overrun_share,
        cast(pay.saving_share as decimal(8, 6)) as saving_share,
        pay.is_saving_inside as is_saving_inside,
        pay.is_carried_forward as is_carried_forward,
        factor.score as score,
        cast(pay.standard_score as decimal(18, 2)) as standard_score,
        coalesce(factor.factor, 1) as factor,
        coalesce(factor.has_score, false) as has_score,
        coalesce(release.paid_out_amount, 0) as paid_out_amount,
        coalesce(release.taken_back_amount, 0) as taken_back_amount,
        coalesce(release.released_amount, 0) as released_amount,
        coalesce(release.clawed_back_amount, 0) as clawed_back_amount,
        coalesce(pool.amount, 0) as pool_amount,
        coalesce(bonus.amount, 0) as bonus_amount,
    from who
    inner join version
        on who.month >= version.starts_on
        and who.month <= coalesce(version.ends_on, date '9999-12-31')
    inner join pay
        on pay.version_id = version.version_id
    left join commission
        on commission.rep_id = who.rep_id
        and commission.month = who.month
    left join orders
        on orders.rep_id = who.rep_id
        and orders.month = who.month
    left join expense
        on expense.rep_id = who.rep_id
        and expense.month = who.month
    left join factor
        on factor.rep_id = who.rep_id
        and factor.month = who.month
    left join release
        on release.rep_id = who.rep_id
        and release.month = who.month
    left join pool
        on pool.rep_id = who.rep_id
        and pool.month = who.month
    left join bonus
        on bonus.rep_id = who.rep_id
        and bonus.month = who.month
),

rounded as (
    select
        gathered.*,
        ratio(paid_amount, net_amount) as collection_rate,
        cast(commission_amount - accrued_amount as decimal(18, 2)) as earned_amount,
        cents(overrun_base_amount * overrun_share) as overrun_amount,
        cents(saving_base_amount * saving_share) as saving_amount,
    from gathered
),

bracketed as (
    select
        rounded.*,
        cast(case when is_void then 0 else earned_amount - overrun_amount + case when is_saving_inside then saving_amount else 0 end end as decimal(18, 2)) as bracket_amount,
    from rounded
),

performed as (
    select
        bracketed.*,
        cents(cast(bracket_amount as decimal(20, 2)) * factor) as performance_amount,
    from bracketed
),

complete as (
    select
        rep_id,
        month,
        version_id,
        cast(sales_amount as decimal(18, 4)) as sales_amount,
        cast(returned_amount as decimal(18, 4)) as returned_amount,
        cast(base_amount as decimal(18, 4)) as base_amount,
        cast(commission_factor as decimal(8, 6)) as commission_factor,
        cast(tier_amount as decimal(18, 2)) as tier_amount,
        is_void,
        cast(commission_amount as decimal(18, 2)) as commission_amount,
        cast(net_amount as decimal(18, 4)) as net_amount,
        cast(paid_amount as decimal(18, 4)) as paid_amount,
        collection_rate,
        cast(n_orders as integer) as n_orders,
        cast(accrued_amount as decimal(18, 2)) as accrued_amount,
        earned_amount,
        expense_band,
        cast(expense_amount as decimal(18, 4)) as expense_amount,
        expense_rate,
        has_exception,
        cast(overrun_base_amount as decimal(18, 4)) as overrun_base_amount,
        overrun_share,
        overrun_amount,
        cast(saving_base_amount as decimal(18, 4)) as saving_base_amount,
        saving_share,
        saving_amount,
        is_saving_inside,
        bracket_amount,
        score,
        standard_score,
        cast(factor as decimal(18, 12)) as factor,
        has_score,
        cast(performance_amount as decimal(18, 2)) as performance_amount,
        cast(paid_out_amount as decimal(18, 2)) as paid_out_amount,
        cast(taken_back_amount as decimal(18, 2)) as taken_back_amount,
        cast(released_amount as decimal(18, 2)) as released_amount,
        cast(clawed_back_amount as decimal(18, 2)) as clawed_back_amount,
        cast(pool_amount as decimal(18, 2)) as pool_amount,
        cast(bonus_amount as decimal(18, 2)) as bonus_amount,
        is_carried_forward,
    from performed
)

select * from complete
