-- One row: one receipt of an imagined person. Stands for core.settlement_line.
-- Formula: the collected part of the month's order, in its month.
-- Why: what is collected is earned at once, the rest waits.
select
    point.rep_id || strftime(month.month, '%Y-%m') as order_id,
    month.month as sale_month,
    month.month as month,
    month.month as on_date,
    point.rep_id as rep_id,
    'payment' as kind,
    cast(round(point.sales_amount * point.collection_rate, 4) as decimal(18, 4)) as amount,
    cast(null as decimal(18, 4)) as profit_amount,
    cast(null as varchar) as source_file,
    cast(null as varchar) as source_sheet,
    cast(null as bigint) as source_row,
from scan.point as point
cross join scan.month as month
where point.collection_rate > 0
