-- One row: one return of an order that no export holds.
-- Why: nobody's sales are lowered by it, though somebody made them.
with
orphan as (
    select
        return_id,
        order_id,
        line_id,
        on_date,
        sales_amount,
        source_file,
        source_sheet,
        source_row,
    from core.return_line
    where how = 'unmatched'
)

select * from orphan
order by sales_amount, return_id
