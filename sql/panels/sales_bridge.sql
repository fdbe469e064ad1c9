-- One row: the sales of a unit in two months and the five steps between them.
-- E are sales before returns to customers who had bought by the end of $base, N their sales after returns and Q their
-- pieces after returns, W the workdays:
--     workdays   E0 * (W1 / W0 - 1)
--     price_mix  N1 - Q1 * (N0 / Q0), the change of the average price of a piece, by price or by mix
--     existing   the rest of E1 - E0: pieces bought a workday
--     new        sales to customers who first bought after $base
--     returns    the change of returns
-- and before + the five = after. Without pieces, price and mix stay inside existing; without workdays likewise.
-- Why: a month with fewer workdays is not a weaker month.
with
    seen as (
        select unit_kind, unit_id
        from core.unit
        where
            unit_kind = $unit_kind and unit_id = $unit_id
            and (
                $scope_all
                or list_contains($scope_regions::varchar[], region_id)
                or list_contains($scope_teams::varchar[], team_id)
                or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
            )
    ),

    sale as (
        select
            m.month = $month::date as is_now,
            coalesce(f.month > $base::date, false) as is_new,
            m.sales_amount as net_amount,
            m.sales_amount + m.returned_amount as gross_amount,
            m.returned_amount, m.quantity, m.customer_id,
        from core.sales_month as m
        inner join seen as s on
            s.unit_kind = 'company'
            or (s.unit_kind = 'region' and s.unit_id = m.region_id)
            or (s.unit_kind = 'team' and s.unit_id = m.team_id)
            or (s.unit_kind = 'rep' and s.unit_id = m.rep_id)
        left join core.first_sale as f on f.customer_id = m.customer_id
        where m.month in ($base::date, $month::date)
    ),

    summed as (
        select
            coalesce(sum(net_amount) filter (where not is_now), 0)::decimal(28, 4) as before_amount,
            coalesce(sum(net_amount) filter (where is_now), 0)::decimal(28, 4) as after_amount,
            coalesce(sum(gross_amount) filter (where not is_now), 0)::decimal(28, 4) as e0,
            coalesce(sum(gross_amount) filter (where is_now and not is_new), 0)::decimal(28, 4) as e1,
            sum(net_amount) filter (where not is_now)::double as n0,
            sum(net_amount) filter (where is_now and not is_new)::double as n1,
            sum(quantity) filter (where not is_now)::double as q0,
            sum(quantity) filter (where is_now and not is_new)::double as q1,
            coalesce(sum(gross_amount) filter (where is_now and is_new), 0)::decimal(28, 4) as new_amount,
            coalesce(sum(returned_amount) filter (where not is_now), 0)::decimal(28, 4) as r0,
            coalesce(sum(returned_amount) filter (where is_now), 0)::decimal(28, 4) as r1,
            count(distinct customer_id) filter (where is_now and is_new) as n_new_customers,
            count(*) filter (where not is_now) as n_before,
            count(*) filter (where is_now) as n_after,
        from sale
    ),

    workdays as (
        select
            max(n_workdays) filter (where month = $base::date) as w0,
            max(n_workdays) filter (where month = $month::date) as w1,
        from core.month
    ),

    steps as (
        select
            s.*, w.w0, w.w1,
            case when w.w0 > 0 and w.w1 > 0 then (s.e0::double * (w.w1::double / w.w0 - 1))::decimal(28, 4) end as workday_amount,
            case when s.q0 > 0 and s.q1 > 0 then (s.n1 - s.q1 * s.n0 / s.q0)::decimal(28, 4) end as price_mix_amount,
        from summed as s
        cross join workdays as w
    )

select
    before_amount,
    after_amount,
    (e1 - e0 - coalesce(workday_amount, 0) - coalesce(price_mix_amount, 0))::decimal(28, 4) as existing_amount,
    new_amount,
    price_mix_amount,
    workday_amount,
    (r0 - r1)::decimal(28, 4) as return_amount,
    coalesce(w1 - w0, 0) as n_workdays_more,
    n_new_customers,
from steps
where n_before > 0 and n_after > 0
