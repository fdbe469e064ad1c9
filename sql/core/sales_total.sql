-- One row: one rep, team, region and month.
-- Formula: core.sales_month summed over customers and products, beside the orders of the month.
-- Why: small enough that each indicator can roll it up to every unit.
with
sales as (
    select * from core.sales_month
),

orders as (
    select * from core.order_month
),

parts as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        sum(sales_amount) as sales_amount,
        sum(returned_amount) as returned_amount,
        sum(profit_amount) as profit_amount,
        sum(costed_amount) as costed_amount,
        sum(quantity) as quantity,
        sum(n_banded) as n_banded,
        sum(n_inside) as n_inside,
        0 as n_orders,
    from sales
    group by rep_id, team_id, region_id, month

    union all

    select
        rep_id,
        team_id,
        region_id,
        month,
        0 as sales_amount,
        0 as returned_amount,
        null as profit_amount,
        0 as costed_amount,
        null as quantity,
        0 as n_banded,
        0 as n_inside,
        sum(n_orders) as n_orders,
    from orders
    group by rep_id, team_id, region_id, month
),

summed as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        cast(sum(sales_amount) as decimal(18, 4)) as sales_amount,
        cast(sum(returned_amount) as decimal(18, 4)) as returned_amount,
        cast(sum(profit_amount) as decimal(18, 4)) as profit_amount,
        cast(sum(costed_amount) as decimal(18, 4)) as costed_amount,
        cast(sum(quantity) as decimal(18, 6)) as quantity,
        cast(sum(n_banded) as integer) as n_banded,
        cast(sum(n_inside) as integer) as n_inside,
        cast(sum(n_orders) as integer) as n_orders,
    from parts
    group by rep_id, team_id, region_id, month
)

select * from summed
