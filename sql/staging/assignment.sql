-- One row: one stay of a salesperson in a team and region.
-- Why: transfers inside a month count by day.
with
source as (
    select * from lake.assignment
),

cleaned as (
    select
        source.rep_id as rep_id,
        source.from_on as from_on,
        source.to_on as to_on,
        source.region_id as region_id,
        source.team_id as team_id,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
