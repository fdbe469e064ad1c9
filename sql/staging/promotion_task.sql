-- One row: one promotion task.
-- Why: a task counts in the month it was due.
with
source as (
    select * from lake.promotion_task
),

cleaned as (
    select
        source.task_id as task_id,
        source.rep_id as rep_id,
        source.customer_id as customer_id,
        source.promotion as promotion,
        source.due_on as due_on,
        cast(date_trunc('month', source.due_on) as date) as month,
        source.done_on as done_on,
        source.from_on as from_on,
        source.to_on as to_on,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
