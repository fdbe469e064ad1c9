-- One row: one month of the scan, as core.calendar. Stands for core.calendar.
-- Why: what needs no as-of day asks for the months without it.
select
    month,
    month as starts_on,
    cast(month + interval '1' month - interval '1' day as date) as ends_on,
from scan.month
