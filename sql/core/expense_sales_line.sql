-- One row: one expense, or one sales line of the months with expenses.
-- Why: the exported rows behind the expense ratio.
with
lines as (
    select
        month,
        rep_id,
        team_id,
        region_id,
        expense_id as id,
        expense_amount as expense_amount,
        cast(0 as decimal(18, 4)) as sales_amount,
        source_file,
        source_sheet,
        source_row,
    from core.expense_line

    union all

    select
        month,
        rep_id,
        team_id,
        region_id,
        order_id as id,
        cast(0 as decimal(18, 4)) as expense_amount,
        sales_amount as sales_amount,
        source_file,
        source_sheet,
        source_row,
    from core.sales_line
    where month in (select month from core.coverage where subject = 'expense')
)

select * from lines
