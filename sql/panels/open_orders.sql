-- One row: one order of one person of $rep_ids with commission still waiting for cash at the end of $month, oldest first.
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

    asked as (
        select unit_id as rep_id
        from seen
        where unit_kind = 'rep' and list_contains($rep_ids::varchar[], unit_id)
    ),

    waiting as (
        select
            entry.rep_id as rep_id,
            entry.order_id as order_id,
            sum(case when entry.kind = 'accrued' then entry.amount else -entry.amount end) as waiting_amount,
        from pay.ledger_entry as entry
        inner join asked on asked.rep_id = entry.rep_id
        where entry.month <= $month::date
        group by entry.rep_id, entry.order_id
        having sum(case when entry.kind = 'accrued' then entry.amount else -entry.amount end) <> 0
    ),

    settled as (
        select line.rep_id as rep_id, line.order_id as order_id, sum(line.amount) as amount
        from core.settlement_line as line
        inner join asked on asked.rep_id = line.rep_id
        where line.month <= $month::date
        group by line.rep_id, line.order_id
    ),

    part as (
        select part.rep_id as rep_id, part.order_id as order_id, min(part.on_date) as on_date, min(part.due_on) as due_on, sum(part.sales_amount) as sales_amount
        from core.order_part as part
        inner join asked on asked.rep_id = part.rep_id
        group by part.rep_id, part.order_id
    ),

    customer as (
        select orders.order_id as order_id, min(customer.customer_name) as customer_name
        from core.order_month as orders
        inner join core.customer as customer on customer.customer_id = orders.customer_id
        where orders.order_id in (select order_id from waiting)
        group by orders.order_id
    )

select
    waiting.rep_id as rep_id,
    waiting.order_id as order_id,
    coalesce(customer.customer_name, '') as customer_name,
    part.on_date as on_date,
    part.due_on as due_on,
    cast(greatest(part.sales_amount - coalesce(settled.amount, 0), 0) as double) as open_amount,
    cast(waiting.waiting_amount as double) as waiting_amount,
from waiting
inner join part on part.rep_id = waiting.rep_id and part.order_id = waiting.order_id
left join settled on settled.rep_id = waiting.rep_id and settled.order_id = waiting.order_id
left join customer on customer.order_id = waiting.order_id
order by waiting.rep_id, part.on_date, waiting.order_id
