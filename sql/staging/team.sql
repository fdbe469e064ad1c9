-- One row: one team.
-- Why: teams are the level managers answer for.
with
source as (
    select * from lake.team
),

cleaned as (
    select
        source.team_id as team_id,
        source.name as name,
        source.region_id as region_id,
        source.manager_id as manager_id,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
