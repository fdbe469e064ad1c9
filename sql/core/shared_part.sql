-- One row: one rep's part of one order in one month, for the orders that several people sold.
-- Formula: the sum of that rep's lines.
-- Why: few orders are shared; their lines are searched for once, and a month whose exports did not change is not searched again.
with
line as (
    select * from core.order_line
    where order_id in (select order_id from core.booked_order where is_shared)
),

shared as (
    select
        order_id,
        month,
        rep_id,
        cast(sum(sales_amount) as decimal(18, 4)) as sales_amount,
    from line
    group by order_id, month, rep_id
)

select * from shared
