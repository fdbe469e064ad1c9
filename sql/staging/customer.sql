-- One row: one customer.
-- Why: outlets are customers with is_outlet.
with
source as (
    select * from lake.customer
),

cleaned as (
    select
        source.customer_id as customer_id,
        source.name as name,
        source.region_id as region_id,
        source.rep_id as rep_id,
        source.segment as segment,
        source.channel as channel,
        source.is_outlet as is_outlet,
        source.opened_on as opened_on,
        source.closed_on as closed_on,
        source.latitude as latitude,
        source.longitude as longitude,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
