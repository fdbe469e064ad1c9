-- One row: one imagined team and month. Stands for indicators.target_attainment.
-- Formula: each person is a team alone, with the attainment of a team that the point says.
-- Why: a pool depends on the team, whatever the person's own figures.
select
    'team' as unit_kind,
    point.rep_id as unit_id,
    month.month as month,
    cast(point.sales_amount * point.team_attainment as decimal(28, 6)) as numerator,
    cast(point.sales_amount as decimal(28, 6)) as denominator,
from scan.point as point
cross join scan.month as month
