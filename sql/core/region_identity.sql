-- One row: one spelling of a region met in any export.
-- Formula: exact id, then exact name, then the same spelling as exactly one id or name; else a region of its own.
-- Why: a CRM writes the name, finance the id, and neither row may be lost.
with
region as (
    select * from staging.region
),

met as (
    select region_id as value from region
    union select name from region
    union select parent_id from region
    union select region_id from staging.team
    union select region_id from staging.rep
    union select region_id from staging.assignment
    union select region_id from staging.customer
    union select value from core.named_month where names = 'region'
    union select region_id from staging.market
    union select region_id from staging.price_list
    union select region_id from staging.workday
    union select unit_id from staging.target where unit_kind = 'region'
),

by_name as (
    select
        name as value,
        min(region_id) as region_id,
    from region
    group by name
    having count(*) = 1
),

spelled as (
    select spelling(region_id) as spelled_as, region_id from region
    union
    select spelling(name) as spelled_as, region_id from region
),

by_spelling as (
    select
        spelled_as,
        min(region_id) as region_id,
    from spelled
    where spelled_as <> ''
    group by spelled_as
    having count(*) = 1
),

resolved as (
    select
        met.value as value,
        coalesce(region.region_id, by_name.region_id, by_spelling.region_id, met.value) as region_id,
        case
            when region.region_id is not null then 'id'
            when by_name.region_id is not null then 'name'
            when by_spelling.region_id is not null then 'spelling'
            else 'unmatched'
        end as how,
    from met
    left join region
        on region.region_id = met.value
    left join by_name
        on by_name.value = met.value
    left join by_spelling
        on by_spelling.spelled_as = spelling(met.value)
    where met.value is not null
)

select * from resolved
