-- One row: one order in one month of sale that a return names.
-- Formula: core.booked_order by the order ids of the returns.
-- Why: what was returned is searched for only in the months in which it was sold.
with
returned as (
    select distinct order_id
    from staging.return
    where order_id is not null
),

orders as (
    select * from core.booked_order
),

named as (
    select
        orders.order_id as order_id,
        orders.month as month,
    from orders
    inner join returned
        on returned.order_id = orders.order_id
)

select * from named
