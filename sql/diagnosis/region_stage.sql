-- One row: one region, month and stage on the way from people to cash: how much got that far in the months compared.
-- Formula: sums over the months up to this one. people = full-time people a month, summed; market = size of the market, a month without a
-- figure taking the mean of the others; leads = deals decided; won = deals won; orders = orders, only where the company has no deals; sales
-- = sales net of returns, or with cash what was sold in the months the cash is for; cash = what came in for it by each month's end.
-- A stage of which a region has nothing gives no row.
-- Why: each stage over the one before is a factor, and their product is cash (or sales) for each person and month.
with
month as (
    select * from core.calendar
),

setting as (
    select * from diagnosis.setting
),

region_month as (
    select * from allocation.region_month
),

market as (
    select * from core.market_line
),

deal as (
    select * from core.deal_month
),

sales as (
    select * from core.sales_total
),

collection as (
    select * from core.collection_month
),

sold as (
    select region_id, month, sold_amount from collection
    union all
    select region_id, month, sales_amount as sold_amount from sales
    where not exists (select 1 from collection)
),

counted as (
    select
        region_id,
        month,
        0 as place,
        'people' as stage,
        n_people as quantity,
    from region_month

    union all

    select
        region_id,
        month,
        1 as place,
        'market' as stage,
        cast(sum(size_amount) as double) as quantity,
    from market
    where size_amount is not null
    group by region_id, month

    union all

    select
        region_id,
        month,
        2 as place,
        'leads' as stage,
        cast(sum(n_closed) as double) as quantity,
    from deal
    group by region_id, month

    union all

    select
        region_id,
        month,
        3 as place,
        'won' as stage,
        cast(sum(n_won) as double) as quantity,
    from deal
    group by region_id, month

    union all

    select
        region_id,
        month,
        4 as place,
        'orders' as stage,
        cast(sum(n_orders) as double) as quantity,
    from sales
    where not exists (select 1 from deal)
    group by region_id, month

    union all

    select
        region_id,
        month,
        5 as place,
        'sales' as stage,
        cast(sum(sold_amount) as double) as quantity,
    from sold
    group by region_id, month

    union all

    select
        region_id,
        month,
        6 as place,
        'cash' as stage,
        cast(sum(collected_amount) as double) as quantity,
    from collection
    group by region_id, month
),

summed as (
    select
        counted.region_id as region_id,
        month.month as month,
        counted.place as place,
        counted.stage as stage,
        case counted.stage
            when 'market' then avg(counted.quantity) * max(setting.window_months)
            else sum(counted.quantity)
        end as quantity,
    from month
    cross join setting
    inner join counted
        on counted.month <= month.month
        and counted.month > month.month - to_months(setting.window_months)
    where counted.region_id <> ''
    group by counted.region_id, month.month, counted.place, counted.stage
),

present as (
    select * from summed
    where quantity > 0
)

select * from present
