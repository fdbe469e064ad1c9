-- One row: one expense in base currency, attributed to a rep, team and region.
-- Formula: team and region of the rep's stay on the day; a team or region given wins. Visit expenses are those marked so, else travel by type.
-- Why: selling costs are weighed against what they served.
with
expense as (
    select * from staging.expense
),

rep_on as (
    select * from core.rep_on
),

region_identity as (
    select * from core.region_identity
),

team as (
    select * from core.team
),

team_identity as (
    select * from core.team_identity
),

attributed as (
    select
        expense.expense_id as expense_id,
        expense.spent_on as on_date,
        expense.month as month,
        coalesce(rep_on.rep_id, '') as rep_id,
        coalesce(team_identity.team_id, rep_on.team_id, '') as team_id,
        owner_region(region_identity.region_id, rep_on.region_id, team.region_id) as region_id,
        expense.kind as kind,
        coalesce(expense.amount, 0) as expense_amount,
        cast(case
            when coalesce(expense.is_visit, lower(expense.kind) in ('visit', 'travel', '拜访', '拜访费', '差旅', '差旅费', '交通', '交通费')) then coalesce(expense.amount, 0)
            else 0
        end as decimal(18, 4)) as visit_expense_amount,
        expense.source_file as source_file,
        expense.source_sheet as source_sheet,
        expense.source_row as source_row,
    from expense
    left join team_identity
        on team_identity.value = expense.team_id
    left join team
        on team.team_id = team_identity.team_id
    left join rep_on
        on rep_on.value = coalesce(expense.rep_id, '')
        and expense.spent_on >= rep_on.from_on
        and expense.spent_on < rep_on.until_on
    left join region_identity
        on region_identity.value = expense.region_id
)

select * from attributed
