-- One row: one product with sales over the twelve months up to $month, largest first: the weights by which a total is shared over products.
with
    seen as (
        select unit_kind, unit_id, unit_name, region_id, team_id
        from core.unit
        where
            $scope_all
            or list_contains($scope_regions::varchar[], region_id)
            or list_contains($scope_teams::varchar[], team_id)
            or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
    )

select m.product_id, coalesce(any_value(p.product_name), m.product_id) as product_name, sum(m.sales_amount)::double as sales
from core.sales_month as m
left join core.product as p using (product_id)
where
    m.month <= $month::date and m.month > cast($month::date - interval 12 month as date) and m.product_id <> ''
    and ($scope_all or m.rep_id in (select unit_id from seen where unit_kind = 'rep'))
group by m.product_id
having sum(m.sales_amount) > 0
order by sales desc, m.product_id
