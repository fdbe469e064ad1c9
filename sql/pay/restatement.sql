-- One row: one person and closed month whose own lines come out differently now than what was paid for it.
-- Formula: amount = own lines now - own lines as sealed - differences of it that later closed months paid already. It is paid in
-- the first month after the last closed one; until such a month is calculated paid_month is null.
-- Why: a closed month never changes; the difference is paid once, visibly.
with
closed as (
    select distinct month_of(month) as month
    from state.closed
),

sealed as (
    select
        month_of(month) as month,
        rep_id,
        line,
        amount,
    from state.closed_line
),

line as (
    select * from pay.own_line
    where not is_total
),

month as (
    select * from core.month
),

now_line as (
    select
        line.rep_id as rep_id,
        line.month as month,
        line.amount as amount_now,
        0 as closed_amount,
        0 as paid_before_amount,
    from line
    inner join closed
        on closed.month = line.month

    union all

    select
        sealed.rep_id,
        sealed.month,
        0 as amount_now,
        sealed.amount as closed_amount,
        0 as paid_before_amount,
    from sealed
    inner join closed
        on closed.month = sealed.month
    inner join month
        on month.month = sealed.month
    where sealed.line not in ('earned', 'performance', 'total', 'carried_in', 'carried_out', 'not_carried')
    and sealed.line not like 'restated/%'

    union all

    select
        sealed.rep_id,
        cast(substr(sealed.line, 10) || '-01' as date) as month,
        0 as amount_now,
        0 as closed_amount,
        sealed.amount as paid_before_amount,
    from sealed
    inner join closed
        on closed.month = sealed.month
    where sealed.line like 'restated/%'
),

next_month as (
    select min(month.month) as month
    from month
    where month.month > (select max(month) from closed)
),

summed as (
    select
        rep_id,
        month,
        cast(sum(closed_amount) as decimal(18, 2)) as closed_amount,
        cast(sum(paid_before_amount) as decimal(18, 2)) as paid_before_amount,
        cast(sum(amount_now) as decimal(18, 2)) as now_amount,
        cast(sum(amount_now) - sum(closed_amount) - sum(paid_before_amount) as decimal(18, 2)) as amount,
    from now_line
    group by rep_id, month
),

different as (
    select
        summed.month as month,
        summed.rep_id as rep_id,
        next_month.month as paid_month,
        summed.closed_amount as closed_amount,
        summed.paid_before_amount as paid_before_amount,
        summed.now_amount as now_amount,
        summed.amount as amount,
    from summed
    cross join next_month
    where summed.amount <> 0
)

select * from different
