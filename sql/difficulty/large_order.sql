-- One row: one salesperson, region and month: the largest order, and what orders lie above the month's 99.5th percentile.
-- Formula: cap = the order at 99.5 % of the month's orders by amount; excess = sum of amount - cap over the orders above it.
-- Why: one very large order says little about a market; it is cut for fitting only and never for pay.
with
orders as (
    select * from core.order_month
),

cap as (
    select
        month,
        quantile_disc(sales_amount, .995) as cap_amount,
    from orders
    group by month
),

extreme as (
    select
        orders.rep_id as rep_id,
        orders.region_id as region_id,
        orders.month as month,
        sum(greatest(orders.sales_amount - cap.cap_amount, 0)) as excess_amount,
        max(orders.sales_amount) as largest_amount,
        count(*) as n_orders,
    from orders
    join cap using (month)
    where orders.rep_id <> ''
    group by orders.rep_id, orders.region_id, orders.month
)

select * from extreme
