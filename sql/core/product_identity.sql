-- One row: one way in which any export names a product.
-- Formula: exact id, then exact name, then the same spelling as exactly one product's id or name
-- (GTXPro is GTX Pro); else a product of its own, `?:` before the value.
-- Why: an inner join on the raw text loses every sale of a product that two systems spell differently.
with
product as (
    select * from staging.product
),

met as (
    select product_id as value from product
    union select name from product
    union select product_id from staging.deal where month is null
    union select value from core.named_month where names = 'product'
    union select product_id from staging.price_list
    union select product_id from staging.target
),

by_name as (
    select
        name as value,
        min(product_id) as product_id,
    from product
    group by name
    having count(*) = 1
),

spelled as (
    select spelling(product_id) as spelled_as, product_id from product
    union
    select spelling(name) as spelled_as, product_id from product
),

by_spelling as (
    select
        spelled_as,
        min(product_id) as product_id,
    from spelled
    where spelled_as <> ''
    group by spelled_as
    having count(*) = 1
),

matched as (
    select
        met.value as value,
        coalesce(by_id.product_id, by_name.product_id, by_spelling.product_id) as product_id,
        case
            when by_id.product_id is not null then 'id'
            when by_name.product_id is not null then 'name'
            when by_spelling.product_id is not null then 'spelling'
            else 'unmatched'
        end as how,
    from met
    left join product as by_id
        on by_id.product_id = met.value
    left join by_name
        on by_name.value = met.value
    left join by_spelling
        on by_spelling.spelled_as = spelling(met.value)
    where met.value is not null
),

resolved as (
    select
        matched.value as value,
        coalesce(matched.product_id, '?:' || matched.value) as product_id,
        matched.how as how,
        product.standard_cost as standard_cost,
    from matched
    left join product
        on product.product_id = matched.product_id
)

select * from resolved
