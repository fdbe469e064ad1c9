-- One row: one product, region ('' for all) and span of days with its lowest and highest price.
-- Formula: a band ends where the next one of the same product and region begins, or on its own last day.
-- Why: a line meets at most one band, so no line is counted twice.
with
price_list as (
    select * from staging.price_list
),

product_identity as (
    select * from core.product_identity
),

region_identity as (
    select * from core.region_identity
),

band as (
    select
        product_identity.product_id as product_id,
        coalesce(region_identity.region_id, '') as region_id,
        price_list.from_on as from_on,
        coalesce(cast(price_list.to_on + interval '1' day as date), date '9999-12-31') as until_on,
        price_list.price_low as price_low,
        price_list.price_high as price_high,
        row_number() over (
            partition by product_identity.product_id, region_identity.region_id, price_list.from_on
            order by price_list.batch desc, price_list.source_row desc
        ) as n_choice,
    from price_list
    inner join product_identity
        on product_identity.value = price_list.product_id
    left join region_identity
        on region_identity.value = price_list.region_id
),

followed as (
    select
        product_id,
        region_id,
        from_on,
        least(
            until_on,
            coalesce(lead(from_on) over (partition by product_id, region_id order by from_on), until_on)
        ) as until_on,
        price_low,
        price_high,
    from band
    where n_choice = 1
)

select * from followed
