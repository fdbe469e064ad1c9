-- One row: one imagined person and month. Stands for scorecard.judged.
-- Formula: every point of the scan is a person who lives it in every month.
-- Why: rules and pay look at people.
select
    'rep' as unit_kind,
    point.rep_id as unit_id,
    month.month as month,
from scan.point as point
cross join scan.month as month
