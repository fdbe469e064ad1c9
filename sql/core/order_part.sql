-- One row: one rep's part of one order in one month.
-- Formula: the whole order where one rep sold it; else core.shared_part.
-- Why: commission follows the person on each line, and cash follows the order.
with
orders as (
    select * from core.order_month
),

shared as (
    select * from core.shared_part
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
