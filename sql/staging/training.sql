-- One row: one training of a customer.
-- Why: trained customers are measured against active customers.
with
source as (
    select * from lake.training
),

cleaned as (
    select
        source.training_id as training_id,
        source.customer_id as customer_id,
        source.rep_id as rep_id,
        source.held_on as held_on,
        cast(date_trunc('month', source.held_on) as date) as month,
        source.topic as topic,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
