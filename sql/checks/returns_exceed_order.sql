-- One row: one order of which more was returned than sold.
-- Why: a return booked twice takes away sales that somebody made.
with
returned as (
    select
        order_id,
        -sum(sales_amount) as returned_amount,
        count(*) as n_returns,
    from core.return_line
    where how <> 'unmatched'
    group by order_id
),

sold as (
    select
        order_id,
        sum(sales_amount) as sales_amount,
    from core.booked_order
    where order_id in (select order_id from returned)
    group by order_id
),

exceeding as (
    select
        returned.order_id as order_id,
        sold.sales_amount as sales_amount,
        returned.returned_amount as returned_amount,
        returned.n_returns as n_returns,
    from returned
    inner join sold
        on sold.order_id = returned.order_id
    where returned.returned_amount - sold.sales_amount >= 0.01
    and returned.returned_amount > 0
)

select * from exceeding
order by returned_amount - sales_amount desc, order_id
