-- One row: one salesperson.
-- Why: a person appears once, under the id of the rep export.
with
source as (
    select * from lake.rep
),

cleaned as (
    select
        source.rep_id as rep_id,
        source.name as name,
        source.team_id as team_id,
        source.region_id as region_id,
        source.manager_id as manager_id,
        source.channel as channel,
        source.role as role,
        source.hired_on as hired_on,
        source.left_on as left_on,
        source.group_gender as group_gender,
        source.group_age as group_age,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
