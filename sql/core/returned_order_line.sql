-- One row: one line of an order that a return names, attributed as core.order_line says.
-- Formula: core.order_line by core.returned_order.
-- Why: all lines are attributed again for the few that are returned only in the months that new returns name.
with
line as (
    select * from core.order_line
    where order_id in (select order_id from core.returned_order)
)

select * from line
