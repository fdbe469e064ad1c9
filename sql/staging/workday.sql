-- One row: one calendar exception.
-- Why: holidays and made-up workdays, for one region or for all.
with
source as (
    select * from lake.workday
),

cleaned as (
    select
        source.day_on as day_on,
        cast(date_trunc('month', source.day_on) as date) as month,
        source.region_id as region_id,
        source.is_workday as is_workday,
        source.note as note,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
