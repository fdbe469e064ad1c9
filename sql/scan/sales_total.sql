-- One row: the sales of one imagined person and month. Stands for core.sales_total.
-- Formula: as the point says, in a team of one.
-- Why: pools may be shared by sales.
select
    point.rep_id as rep_id,
    point.rep_id as team_id,
    '' as region_id,
    month.month as month,
    cast(point.sales_amount as decimal(18, 4)) as sales_amount,
from scan.point as point
cross join scan.month as month
