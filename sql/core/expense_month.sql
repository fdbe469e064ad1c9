-- One row: one rep, team, region and month.
-- Formula: core.expense_line summed.
-- Why: expenses are summed once.
with
line as (
    select * from core.expense_line
),

summed as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        cast(sum(expense_amount) as decimal(18, 4)) as expense_amount,
        cast(sum(visit_expense_amount) as decimal(18, 4)) as visit_expense_amount,
    from line
    group by rep_id, team_id, region_id, month
)

select * from summed
