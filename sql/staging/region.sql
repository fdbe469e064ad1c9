-- One row: one region.
-- Why: regions form a tree through parent_id.
with
source as (
    select * from lake.region
),

cleaned as (
    select
        source.region_id as region_id,
        source.name as name,
        source.parent_id as parent_id,
        source.manager_id as manager_id,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
