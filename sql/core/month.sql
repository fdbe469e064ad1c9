-- One row: one calendar month that is calculated.
-- Formula: from plan.setting.first_month, or the first month with sales, deals, visits, complaints or reports,
-- to plan.setting.last_month, or the last such month up to the as-of date. Cash and replies count up to
-- as_of_on: the plan's date, or else each month's own last day. Workdays are those of the general calendar.
-- Why: every figure knows which day it was measured on; measured on its own last day, a month is as old as the month it
-- is compared with, and what comes later changes nothing that was paid.
with
setting as (
    select * from plan.setting
),

lived as (
    select * from core.exported_span
),

bounds as (
    select
        coalesce(max(setting.first_month), min(lived.first_month)) as first_month,
        coalesce(
            max(setting.last_month),
            least(max(lived.last_month), coalesce(month_of(max(setting.as_of_on)), max(lived.last_month)))
        ) as last_month,
        max(setting.as_of_on) as as_of_on,
    from lived
    cross join setting
),

digit as (
    select * from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as digit (n)
),

step as (
    select hundreds.n * 100 + tens.n * 10 + ones.n as n
    from digit as hundreds
    cross join digit as tens
    cross join digit as ones
),

months as (
    select
        cast(bounds.first_month + step.n * interval '1' month as date) as month,
        bounds.last_month as last_month,
        bounds.as_of_on as as_of_on,
    from bounds
    cross join step
),

day as (
    select * from core.workday
),

worked as (
    select
        month,
        sum(n_workdays) as n_workdays,
    from day
    where region_id = ''
    group by month
),

calculated as (
    select
        months.month as month,
        months.month as starts_on,
        cast(months.month + interval '1' month - interval '1' day as date) as ends_on,
        cast(coalesce(worked.n_workdays, 0) as integer) as n_workdays,
        coalesce(months.as_of_on, cast(months.month + interval '1' month - interval '1' day as date)) as as_of_on,
    from months
    left join worked
        on worked.month = months.month
    where months.month <= months.last_month
    and months.month <= coalesce(months.as_of_on, months.last_month)
)

select * from calculated
