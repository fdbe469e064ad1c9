-- One row: one complaint.
-- Why: reply and resolution are clocked from the moment it was opened.
with
source as (
    select * from lake.complaint
),

cleaned as (
    select
        source.complaint_id as complaint_id,
        source.customer_id as customer_id,
        source.rep_id as rep_id,
        source.region_id as region_id,
        source.opened_at as opened_at,
        cast(date_trunc('month', source.opened_at) as date) as month,
        source.replied_at as replied_at,
        source.resolved_at as resolved_at,
        source.escalated_at as escalated_at,
        source.status as status,
        source.subject as subject,
        source.channel as channel,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
