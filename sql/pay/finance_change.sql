-- One row: one person and month in which what his customers owe changed, by finance.
-- Formula: sold - returned - received - bad debt of the month, from the exports.
-- Why: what finance follows, order by order, beside what the ledger follows; a later month changes no earlier one.
with
calendar as (
    select * from core.calendar
),

part as (
    select * from core.order_part
    where rep_id <> ''
),

settled as (
    select * from core.settlement_line
    where rep_id <> ''
),

base as (
    select rep_id, month from pay.base
),

moved as (
    select
        part.rep_id as rep_id,
        part.month as month,
        part.sales_amount as amount,
    from part
    inner join base
        on base.rep_id = part.rep_id
        and base.month = part.month

    union all

    select
        settled.rep_id,
        settled.month,
        -settled.amount as amount,
    from settled
    inner join part
        on part.order_id = settled.order_id
        and part.rep_id = settled.rep_id
        and part.month = settled.sale_month
),

summed as (
    select
        moved.rep_id as rep_id,
        moved.month as month,
        cast(sum(moved.amount) as decimal(18, 4)) as owed_change,
    from moved
    inner join calendar
        on calendar.month = moved.month
    group by moved.rep_id, moved.month
)

select * from summed
