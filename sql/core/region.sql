-- One row: one region, listed or only met in an export.
-- Why: a region that is in no list still holds sales; it stands beside the listed ones and says so.
with
region as (
    select * from staging.region
),

identity as (
    select * from core.region_identity
),

listed as (
    select
        region.region_id as region_id,
        region.name as region_name,
        parent.region_id as parent_id,
        region.manager_id as manager_id,
        false as is_unmatched,
        region.source_file as source_file,
        region.source_sheet as source_sheet,
        region.source_row as source_row,
    from region
    left join identity as parent
        on parent.value = region.parent_id
        and parent.region_id <> region.region_id
),

met as (
    select
        value as region_id,
        value as region_name,
        cast(null as varchar) as parent_id,
        cast(null as varchar) as manager_id,
        true as is_unmatched,
        cast(null as varchar) as source_file,
        cast(null as varchar) as source_sheet,
        cast(null as bigint) as source_row,
    from identity
    where how = 'unmatched'
),

regions as (
    select * from listed
    union all
    select * from met
)

select * from regions
