-- One row: one calendar month that is calculated.
-- Formula: core.month without the day on which it was measured.
-- Why: what needs no as-of day stays good when a later month moves that day.
with
month as (
    select * from core.month
),

calendar as (
    select
        month,
        starts_on,
        ends_on,
    from month
)

select * from calendar
