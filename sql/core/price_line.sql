-- One row: one order line whose product has a price band on that day.
-- Formula: the band of the line's region wins over the general one; the price is the unit price, else sales / quantity.
-- Why: selling outside the band buys volume with the company's margin or reputation.
with
line as (
    select * from core.order_line
    where product_id in (select product_id from core.price_band)
),

band as (
    select * from core.price_band
),

priced as (
    select
        line.*,
        coalesce(line.unit_price, cast(ratio(line.sales_amount, line.quantity) as decimal(18, 6))) as price,
        coalesce(own_band.price_low, any_band.price_low) as price_low,
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

judged as (
    select
        order_id,
        line_id,
        on_date,
        month,
        rep_id,
        team_id,
        region_id,
        customer_id,
        product_id,
        price,
        price_low,
        price_high,
        1 as n_lines,
        case when price between price_low and price_high then 1 else 0 end as n_inside,
        source_file,
        source_sheet,
        source_row,
    from priced
    where price_low is not null
    and price is not null
)

select * from judged
