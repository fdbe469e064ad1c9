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

    sale as (
        select
            change.rep_id as rep_id,
            change.order_id as order_id,
            min(change.on_date) as on_date,
            min(change.due_on) as due_on,
            min(change.customer_id) as customer_id,
            sum(change.waiting_amount) as waiting_amount,
            sum(change.open_amount) as open_amount,
        from pay.waiting_change as change
        inner join asked on asked.rep_id = change.rep_id
        where change.month <= $month::date
        group by change.rep_id, change.order_id, change.sale_month
        having sum(change.waiting_amount) <> 0
    ),

    waiting as (
        select
            rep_id,
            order_id,
            min(on_date) as on_date,
            min(due_on) as due_on,
            min(customer_id) as customer_id,
            sum(waiting_amount) as waiting_amount,
            sum(greatest(open_amount, 0)) as open_amount,
        from sale
        group by rep_id, order_id
    )

select
    waiting.rep_id as rep_id,
    waiting.order_id as order_id,
    coalesce(customer.customer_name, '') as customer_name,
    waiting.on_date as on_date,
    waiting.due_on as due_on,
    cast(waiting.open_amount as double) as open_amount,
    cast(waiting.waiting_amount as double) as waiting_amount,
from waiting
left join core.customer as customer on customer.customer_id = waiting.customer_id
order by waiting.rep_id, waiting.on_date, waiting.order_id
