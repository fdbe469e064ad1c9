-- One row: one information-exchange form of a customer.
-- Why: forms show that market information flows back.
with
source as (
    select * from lake.feedback
),

cleaned as (
    select
        source.feedback_id as feedback_id,
        source.customer_id as customer_id,
        source.rep_id as rep_id,
        source.filed_on as filed_on,
        cast(date_trunc('month', source.filed_on) as date) as month,
        source.topic as topic,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
