-- One row: one customer who bought.
-- Formula: the first month with an order line.
-- Why: whether a sale is one to a new customer is asked for two months at a time; without this every month would be read for it.
with
sales_month as (
    select * from core.sales_month
),

bought as (
    select
        customer_id,
        min(month) as month,
    from sales_month
    where n_lines > 0
    group by customer_id
)

select * from bought
order by customer_id
