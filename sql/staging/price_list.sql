-- One row: one price band of a product and region.
-- Why: lines sold outside the band show price discipline.
with
source as (
    select * from lake.price_list
),

cleaned as (
    select
        source.product_id as product_id,
        source.region_id as region_id,
        source.from_on as from_on,
        source.to_on as to_on,
        source.price_low as price_low,
        source.price_high as price_high,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
