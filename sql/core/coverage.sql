-- One row: one subject of the exports and one calculated month, from the first to the last month with rows of it.
-- Why: inside nothing means zero, outside nothing is known. Each month is a row of its own, so that a later month changes
-- no earlier one.
with
calendar as (
    select * from core.calendar
),

span as (
    select
        'sale' as subject,
        min(month) as first_month,
        max(month) as last_month,
    from core.sales_total

    union all

    select
        'cost' as subject,
        min(month) as first_month,
        max(month) as last_month,
    from core.sales_total
    where profit_amount is not null

    union all

    select
        'visit' as subject,
        min(month) as first_month,
        max(month) as last_month,
    from core.visit_month

    union all

    select
        'complaint' as subject,
        min(month) as first_month,
        max(month) as last_month,
    from core.complaint_month
    where n_complaints > 0

    union all

    select
        'training' as subject,
        min(month) as first_month,
        max(month) as last_month,
    from core.training_line

    union all

    select
        'feedback' as subject,
        min(month) as first_month,
        max(month) as last_month,
    from core.feedback_line

    union all

    select
        'expense' as subject,
        min(month) as first_month,
        max(month) as last_month,
    from core.expense_month

    union all

    select
        'report' as subject,
        min(month) as first_month,
        max(month) as last_month,
    from core.activity_month
    where n_reports > 0

    union all

    select
        'innovation' as subject,
        min(month) as first_month,
        max(month) as last_month,
    from core.innovation_line

    union all

    select
        'shared deal' as subject,
        min(month) as first_month,
        max(month) as last_month,
    from core.helped_deal_line
),

covered as (
    select
        span.subject as subject,
        calendar.month as month,
    from span
    inner join calendar
        on calendar.month between span.first_month and span.last_month
)

select * from covered
