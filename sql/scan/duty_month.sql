-- One row: the workdays of one imagined person and month. Stands for core.duty_month.
-- Formula: on duty every workday, in a team of one.
-- Why: pools are shared by days on duty.
select
    point.rep_id as rep_id,
    point.rep_id as team_id,
    '' as region_id,
    month.month as month,
    cast(22 as integer) as n_duty_days,
from scan.point as point
cross join scan.month as month
