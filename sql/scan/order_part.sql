-- One row: one order of an imagined person. Stands for core.order_part.
-- Formula: all sales of a month are one order.
-- Why: commission is earned and waits order by order.
select
    point.rep_id || strftime(month.month, '%Y-%m') as order_id,
    month.month as month,
    point.rep_id as rep_id,
    month.month as on_date,
    month.month as due_on,
    cast(point.sales_amount as decimal(18, 4)) as sales_amount,
    cast(point.sales_amount as decimal(18, 4)) as order_amount,
    false as is_shared,
from scan.point as point
cross join scan.month as month
