-- One row: one month of the scan, as core.month. Stands for core.month.
-- Formula: the months that the longest rule of the plan looks at, the last being the newest that the version holds for.
-- Why: a rule for three months in a row must find three months.
select
    month,
    month as starts_on,
    cast(month + interval '1' month - interval '1' day as date) as ends_on,
    cast(22 as integer) as n_workdays,
    cast(month + interval '1' month - interval '1' day as date) as as_of_on,
from scan.month
