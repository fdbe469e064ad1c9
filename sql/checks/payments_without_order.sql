-- One row: one cash receipt that names no known order or invoice.
-- Why: cash that belongs to nobody lowers somebody's collection rate.
with
orphan as (
    select
        payment_id,
        customer_id,
        on_date,
        paid_amount,
        source_file,
        source_sheet,
        source_row,
    from core.payment_line
    where how = 'unmatched'
)

select * from orphan
order by paid_amount desc, payment_id
