-- One row: one market figure of one region, product line ('' for all) and month, with region resolved.
-- Why: market size is the base of market share and of difficulty.
with
market as (
    select * from staging.market
),

region_identity as (
    select * from core.region_identity
),

resolved as (
    select
        market.month as month,
        '' as rep_id,
        '' as team_id,
        region_identity.region_id as region_id,
        coalesce(market.product_line, '') as product_line,
        market.size_amount as size_amount,
        market.n_competitors as n_competitors,
        market.n_outlets as n_outlets,
        market.n_leads as n_leads,
        market.price_index as price_index,
        market.area_km2 as area_km2,
        market.travel_hours as travel_hours,
        market.opened_on as opened_on,
        market.promotion_amount as promotion_amount,
        market.source_file as source_file,
        market.source_sheet as source_sheet,
        market.source_row as source_row,
    from market
    inner join region_identity
        on region_identity.value = market.region_id
)

select * from resolved
