-- One row: one factor of the sales per person of two units and what it adds to the gap between them.
-- Sales per person = visits per person * orders per visit * amount per order; without visits orders per person *
-- amount per order. A factor x adds L * ln(x_to / x_from) with L = (to - from) / ln(to / from), the logarithmic mean:
-- the effects sum to the gap exactly (Ang, Energy Policy 33 (2005) 867-871).
-- No rows where a unit has no sales, no orders or nobody on duty.
-- Why: says whether two units differ in activity, in hit rate or in the size of orders.
with
    seen as (
        select unit_kind, unit_id
        from core.unit
        where
            unit_kind = $unit_kind and unit_id in ($from_id, $to_id)
            and (
                $scope_all
                or list_contains($scope_regions::varchar[], region_id)
                or list_contains($scope_teams::varchar[], team_id)
                or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
            )
    ),

    people as (
        select
            s.unit_id,
            count(distinct d.rep_id) as n_people,
        from seen as s
        inner join core.rep_duty as d on
            (s.unit_kind = 'region' and d.region_id = s.unit_id)
            or (s.unit_kind = 'team' and d.team_id = s.unit_id)
        where d.month = $month::date and d.n_duty_days > 0
        group by s.unit_id
    ),

    measured as (
        select
            p.unit_id, p.n_people,
            max(v.numerator) filter (where v.indicator = 'average_order_value')::double as sales,
            max(v.denominator) filter (where v.indicator = 'average_order_value')::double as orders,
            max(v.numerator) filter (where v.indicator = 'visits_per_workday')::double as visits,
        from people as p
        inner join indicators.value as v on v.unit_kind = $unit_kind and v.unit_id = p.unit_id
        where v.month = $month::date and v.indicator in ('average_order_value', 'visits_per_workday')
        group by p.unit_id, p.n_people
    ),

    pair as (
        select
            f.sales / f.n_people as per_from, t.sales / t.n_people as per_to,
            f.visits / f.n_people as visits_from, t.visits / t.n_people as visits_to,
            f.orders / f.n_people as orders_from, t.orders / t.n_people as orders_to,
            f.sales / f.orders as amount_from, t.sales / t.orders as amount_to,
            coalesce(f.visits > 0 and t.visits > 0, false) as has_visits,
        from measured as f
        inner join measured as t on t.unit_id = $to_id
        where f.unit_id = $from_id and f.sales > 0 and t.sales > 0 and f.orders > 0 and t.orders > 0
    ),

    factor as (
        select 1 as place, 'visits_per_person' as factor, visits_from as from_value, visits_to as to_value, per_from, per_to from pair where has_visits
        union all
        select 2, 'orders_per_visit', orders_from / visits_from, orders_to / visits_to, per_from, per_to from pair where has_visits
        union all
        select 2, 'orders_per_person', orders_from, orders_to, per_from, per_to from pair where not has_visits
        union all
        select 3, 'amount_per_order', amount_from, amount_to, per_from, per_to from pair
    )

select
    factor, from_value, to_value, per_from, per_to,
    case when per_from = per_to then per_from else (per_to - per_from) / ln(per_to / per_from) end * ln(to_value / from_value) as effect,
from factor
order by place
