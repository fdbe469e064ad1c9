-- One row: one rep, team, region, customer, product and month: order lines summed, returns left out.
-- Formula: plain sums of core.order_line; costed_amount is the sales of the lines with a known cost, n_banded counts the
-- lines whose product has a price band (the band of the line's region wins), n_inside those sold inside it.
-- Why: the one heavy sum over all order lines; a month whose exports did not change is not summed again.
with
line as (
    select * from core.order_line
),

band as (
    select * from core.price_band
),

priced as (
    select
        line.rep_id as rep_id,
        line.team_id as team_id,
        line.region_id as region_id,
        line.customer_id as customer_id,
        line.product_id as product_id,
        line.month as month,
        line.sales_amount as sales_amount,
        line.cost_amount as cost_amount,
        line.quantity as quantity,
        coalesce(own_band.price_low, any_band.price_low) as price_low,
        case
            when own_band.price_low is not null or any_band.price_low is not null
            then coalesce(line.unit_price, cast(ratio(line.sales_amount, line.quantity) as decimal(18, 6)))
        end as price,
        coalesce(own_band.price_high, any_band.price_high) as price_high,
    from line
    left join band as own_band
        on own_band.product_id = line.product_id
        and own_band.region_id = line.region_id
        and own_band.region_id <> ''
        and line.on_date >= own_band.from_on
        and line.on_date < own_band.until_on
    left join band as any_band
        on any_band.product_id = line.product_id
        and any_band.region_id = ''
        and line.on_date >= any_band.from_on
        and line.on_date < any_band.until_on
),

summed as (
    select
        rep_id,
        team_id,
        region_id,
        customer_id,
        product_id,
        month,
        cast(sum(sales_amount) as decimal(18, 4)) as sales_amount,
        cast(sum(cost_amount) as decimal(18, 4)) as cost_amount,
        cast(sum(case when cost_amount is null then 0 else sales_amount end) as decimal(18, 4)) as costed_amount,
        cast(sum(quantity) as decimal(18, 6)) as quantity,
        cast(count(*) as integer) as n_lines,
        cast(count(price) as integer) as n_banded,
        cast(sum(case when price between price_low and price_high then 1 else 0 end) as integer) as n_inside,
    from priced
    group by rep_id, team_id, region_id, customer_id, product_id, month
)

select * from summed
