-- One row: one rep's part of one order in one month.
-- Formula: the whole order where one rep sold it; else the sum of that rep's lines.
-- Why: commission follows the person on each line, and cash follows the order.
with
orders as (
    select * from core.order_month
),

line as (
    select * from core.order_line
    where order_id in (select order_id from core.order_month where is_shared)
),

shared as (
    select
        order_id,
        month,
        rep_id,
        cast(sum(sales_amount) as decimal(18, 4)) as sales_amount,
    from line
    group by order_id, month, rep_id
),

parts as (
    select
        order_id,
        month,
        rep_id,
        on_date,
        due_on,
        sales_amount,
        sales_amount as order_amount,
        is_shared,
    from orders
    where not is_shared

    union all

    select
        orders.order_id,
        orders.month,
        shared.rep_id,
        orders.on_date,
        orders.due_on,
        shared.sales_amount,
        orders.sales_amount as order_amount,
        orders.is_shared,
    from orders
    inner join shared
        on shared.order_id = orders.order_id
        and shared.month = orders.month
    where orders.is_shared
)

select * from parts
