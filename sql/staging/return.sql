-- One row: one return: of a line, of an amount, or of a whole order.
-- Why: which of the three is decided in core.return_line.
with
source as (
    select * from lake.return
),

cleaned as (
    select
        source.return_id as return_id,
        source.order_id as order_id,
        source.line_id as line_id,
        source.returned_on as returned_on,
        cast(date_trunc('month', source.returned_on) as date) as month,
        source.quantity as quantity,
        source.amount as amount,
        source.cost_amount as cost_amount,
        source.reason as reason,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
