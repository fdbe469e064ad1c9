-- One row: one order of one person with commission still waiting for cash at the end of $month, oldest first.
with
    seen as (
        select unit_kind, unit_id, unit_name, region_id, team_id
        from core.unit
        where
            $scope_all
            or list_contains($scope_regions::varchar[], region_id)
            or list_contains($scope_teams::varchar[], team_id)
            or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
    ),

    waiting as (
        select
            rep_id,
            order_id,
            sum(case when kind = 'accrued' then amount else -amount end) as waiting_amount,
        from pay.ledger_entry
        where rep_id = $rep_id and month <= $month::date
        group by rep_id, order_id
        having sum(case when kind = 'accrued' then amount else -amount end) <> 0
    ),

    settled as (
        select rep_id, order_id, sum(amount) as amount
        from core.settlement_line
        where rep_id = $rep_id and month <= $month::date
        group by rep_id, order_id
    ),

    part as (
        select rep_id, order_id, min(on_date) as on_date, min(due_on) as due_on, sum(sales_amount) as sales_amount
        from core.order_part
        where rep_id = $rep_id
        group by rep_id, order_id
    ),

    customer as (
        select orders.order_id as order_id, min(customer.customer_name) as customer_name
        from core.order_month as orders
        inner join core.customer as customer on customer.customer_id = orders.customer_id
        where orders.order_id in (select order_id from waiting)
        group by orders.order_id
    )

select
    waiting.order_id as order_id,
    coalesce(customer.customer_name, '') as customer_name,
    part.on_date as on_date,
    part.due_on as due_on,
    cast(greatest(part.sales_amount - coalesce(settled.amount, 0), 0) as double) as open_amount,
    cast(waiting.waiting_amount as double) as waiting_amount,
from waiting
inner join seen on seen.unit_kind = 'rep' and seen.unit_id = waiting.rep_id
inner join part on part.rep_id = waiting.rep_id and part.order_id = waiting.order_id
left join settled on settled.rep_id = waiting.rep_id and settled.order_id = waiting.order_id
left join customer on customer.order_id = waiting.order_id
order by part.on_date, waiting.order_id
