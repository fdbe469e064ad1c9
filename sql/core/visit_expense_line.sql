-- One row: one expense, or one visit of the months with expenses.
-- Why: the exported rows behind the cost of a visit.
with
lines as (
    select
        month,
        rep_id,
        team_id,
        region_id,
        expense_id as id,
        visit_expense_amount as visit_expense_amount,
        cast(0 as integer) as n_visits,
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
        visit_id as id,
        cast(0 as decimal(18, 4)) as visit_expense_amount,
        n_visits as n_visits,
        source_file,
        source_sheet,
        source_row,
    from core.visit_line
    where month in (select month from core.coverage where subject = 'expense')
)

select * from lines
