-- One row: one person and month that is scored.
-- Formula: everybody with workdays on duty, or with sales, in a calculated month.
-- Why: scores, pay and their gaps are about the same people.
with
month as (
    select * from core.month
),

duty as (
    select rep_id, month from core.duty_month
    where n_duty_days > 0
),

sales as (
    select rep_id, month from core.sales_total
),

people as (
    select rep_id, month from duty
    union
    select rep_id, month from sales
),

judged as (
    select
        'rep' as unit_kind,
        people.rep_id as unit_id,
        people.month as month,
    from people
    inner join month
        on month.month = people.month
    where people.rep_id <> ''
)

select * from judged
