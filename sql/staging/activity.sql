-- One row: one daily report or morning meeting of a salesperson.
-- Why: filing and attendance are counted from here.
with
source as (
    select * from lake.activity
),

cleaned as (
    select
        source.activity_id as activity_id,
        source.rep_id as rep_id,
        source.done_on as done_on,
        cast(date_trunc('month', source.done_on) as date) as month,
        case
            when lower(source.kind) in ('report', 'daily report', '日报') then 'report'
            when lower(source.kind) in ('meeting', 'morning meeting', '晨会') then 'meeting'
            else lower(source.kind)
        end as kind,
        source.is_done as is_done,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
