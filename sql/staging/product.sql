-- One row: one product.
-- Why: list price and standard cost fill what finance leaves out.
with
source as (
    select * from lake.product
),

cleaned as (
    select
        source.product_id as product_id,
        source.name as name,
        source.line as line,
        source.list_price as list_price,
        source.standard_cost as standard_cost,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
