-- One row: one person and open month, with what is carried in and out.
-- Formula: result = own lines + restated differences paid in the month. carried out = max(0, carried in - result); with R the running
-- sum of results from the first open month on, carried out = max(carried out of the last closed month, highest R so far) - R.
-- Where the plan does not carry forward, a negative result of the month is dropped instead.
-- Why: a negative month pays nothing and is taken from later months, visibly.
with
closed as (
    select distinct month_of(month) as month
    from state.closed
),

line as (
    select
        rep_id,
        month,
        sum(amount) as amount,
    from pay.own_line
    where not is_total
    group by rep_id, month
),

restated as (
    select
        rep_id,
        paid_month as month,
        sum(amount) as amount,
    from pay.restatement
    where paid_month is not null
    group by rep_id, paid_month
),

version as (
    select * from plan.version
),

pay as (
    select * from plan.pay
),

last_closed as (
    select
        rep_id,
        sum(amount) as amount,
    from state.closed_line
    where line = 'carried_out'
    and month_of(month) = (select max(month) from closed)
    group by rep_id
),

parts as (
    select rep_id, month, amount from line
    union all
    select rep_id, month, amount from restated
),

result as (
    select
        parts.rep_id as rep_id,
        parts.month as month,
        pay.is_carried_forward as is_carried_forward,
        sum(parts.amount) as result_amount,
    from parts
    inner join version
        on parts.month >= version.starts_on
        and parts.month <= coalesce(version.ends_on, date '9999-12-31')
    inner join pay
        on pay.version_id = version.version_id
    left join closed
        on closed.month = parts.month
    where closed.month is null
    group by parts.rep_id, parts.month, pay.is_carried_forward
),

kept as (
    select
        result.*,
        case when is_carried_forward then result_amount else greatest(result_amount, 0) end as kept_amount,
    from result
),

running as (
    select
        kept.*,
        coalesce(last_closed.amount, 0) as first_amount,
        sum(kept_amount) over (partition by kept.rep_id order by kept.month) as running_amount,
    from kept
    left join last_closed
        on last_closed.rep_id = kept.rep_id
),

highest as (
    select
        running.*,
        greatest(first_amount, max(running_amount) over (partition by rep_id order by month)) - running_amount as carried_out,
    from running
),

carried as (
    select
        rep_id,
        month,
        cast(result_amount as decimal(18, 2)) as result_amount,
        cast(kept_amount - result_amount as decimal(18, 2)) as dropped_amount,
        cast(lag(carried_out, 1, first_amount) over (partition by rep_id order by month) as decimal(18, 2)) as carried_in_amount,
        cast(carried_out as decimal(18, 2)) as carried_out_amount,
    from highest
)

select * from carried
