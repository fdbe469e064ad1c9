-- One row: one product, listed or only met in an export.
-- Why: unmatched products keep their amounts and are listed by `check` until someone names them.
with
product as (
    select * from staging.product
),

identity as (
    select * from core.product_identity
),

listed as (
    select
        product_id,
        name as product_name,
        line,
        list_price,
        standard_cost,
        false as is_unmatched,
        source_file,
        source_sheet,
        source_row,
    from product
),

met as (
    select
        product_id,
        min(value) as product_name,
        cast(null as varchar) as line,
        cast(null as decimal(18, 4)) as list_price,
        cast(null as decimal(18, 4)) as standard_cost,
        true as is_unmatched,
        cast(null as varchar) as source_file,
        cast(null as varchar) as source_sheet,
        cast(null as bigint) as source_row,
    from identity
    where how = 'unmatched'
    group by product_id
),

products as (
    select * from listed
    union all
    select * from met
)

select * from products
