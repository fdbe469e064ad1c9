-- One row: one region, product line and month of market data.
-- Why: market size is the base of market share.
with
source as (
    select * from lake.market
),

cleaned as (
    select
        source.region_id as region_id,
        source.product_line as product_line,
        source.period_on as period_on,
        cast(date_trunc('month', source.period_on) as date) as month,
        source.size_amount as size_amount,
        source.n_competitors as n_competitors,
        source.n_outlets as n_outlets,
        source.n_leads as n_leads,
        source.price_index as price_index,
        source.area_km2 as area_km2,
        source.travel_hours as travel_hours,
        source.opened_on as opened_on,
        source.promotion_amount as promotion_amount,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
