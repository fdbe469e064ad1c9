-- One row: one person's statement of one month.
-- Formula: amounts of pay.earning beside the totals of pay.line; paid_amount is the total, and for a closed month what was sealed.
-- Why: one row answers what was sold, earned, held back, scored, carried and paid.
with
earning as (
    select * from pay.earning
),

line as (
    select
        rep_id,
        month,
        sum(case when line = 'total' then amount else 0 end) as total_amount,
        sum(case when line like 'override/%' then amount else 0 end) as override_amount,
        sum(case when line like 'restated/%' then amount else 0 end) as restated_amount,
        -sum(case when line = 'carried_in' then amount else 0 end) as carried_in_amount,
        sum(case when line = 'carried_out' then amount else 0 end) as carried_amount,
        sum(case when amount <> 0 then 1 else 0 end) as n_amounts,
    from pay.line
    group by rep_id, month
),

closed as (
    select distinct month_of(month) as month
    from state.closed
),

sealed as (
    select
        rep_id,
        month_of(month) as month,
        sum(amount) as amount,
    from state.closed_line
    where line not in ('earned', 'performance', 'total')
    group by rep_id, month_of(month)
),

duty as (
    select
        rep_id,
        month,
        sum(n_duty_days) as n_duty_days,
    from core.rep_duty
    group by rep_id, month
),

month as (
    select * from core.month
),

rep as (
    select * from core.rep
),

balance as (
    select * from pay.ledger_balance
),

stated as (
    select
        earning.rep_id as rep_id,
        earning.month as month,
        earning.version_id as version_id,
        rep.team_id as team_id,
        earning.sales_amount as sales_amount,
        earning.returned_amount as returned_amount,
        earning.base_amount as base_amount,
        earning.tier_amount as commission_amount,
        earning.is_void as is_void,
        earning.collection_rate as collection_rate,
        earning.earned_amount as earned_amount,
        earning.accrued_amount as accrued_amount,
        earning.expense_amount as expense_amount,
        earning.expense_rate as expense_rate,
        earning.expense_band as expense_band,
        case when earning.is_void then cast(0 as decimal(18, 2)) else earning.overrun_amount end as overrun_amount,
        case when earning.is_void then cast(0 as decimal(18, 2)) else earning.saving_amount end as saving_amount,
        earning.score as score,
        earning.standard_score as standard_score,
        cast(earning.factor as double) as factor,
        earning.performance_amount as performance_amount,
        earning.released_amount as released_amount,
        earning.clawed_back_amount as clawed_back_amount,
        earning.pool_amount as pool_amount,
        earning.bonus_amount as bonus_amount,
        cast(line.override_amount as decimal(18, 2)) as override_amount,
        cast(line.restated_amount as decimal(18, 2)) as restated_amount,
        cast(line.carried_in_amount as decimal(18, 2)) as carried_in_amount,
        cast(line.carried_amount as decimal(18, 2)) as carried_amount,
        cast(line.total_amount as decimal(18, 2)) as total_amount,
        cast(case when closed.month is null then line.total_amount else coalesce(sealed.amount, 0) end as decimal(18, 2)) as paid_amount,
        coalesce(balance.closing, cast(0 as decimal(18, 2))) as balance_amount,
        cast(coalesce(duty.n_duty_days, 0) as integer) as n_duty_days,
        month.n_workdays as n_workdays,
        closed.month is not null as is_closed,
    from earning
    inner join month
        on month.month = earning.month
    inner join line
        on line.rep_id = earning.rep_id
        and line.month = earning.month
    left join rep
        on rep.rep_id = earning.rep_id
    left join closed
        on closed.month = earning.month
    left join sealed
        on sealed.rep_id = earning.rep_id
        and sealed.month = earning.month
    left join duty
        on duty.rep_id = earning.rep_id
        and duty.month = earning.month
    left join balance
        on balance.rep_id = earning.rep_id
        and balance.month = earning.month
    where line.n_amounts > 0
    or duty.n_duty_days > 0
    or earning.sales_amount <> 0
    or closed.month is not null
)

select * from stated
