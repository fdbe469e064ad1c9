-- One row: the sales of a unit in two months, $base one or twelve months before $month, and the five steps between them.
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

    summed as (
        select
            was.net_amount as before_amount,
            now.net_amount as after_amount,
            was.gross_amount as e0,
            now.known_gross_amount as e1,
            was.net_amount::double as n0,
            now.known_net_amount::double as n1,
            was.quantity::double as q0,
            now.known_quantity::double as q1,
            now.new_gross_amount as new_amount,
            was.returned_amount as r0,
            now.returned_amount as r1,
            now.n_new_customers,
        from seen as s
        inner join core.bridge_month as now
            on now.unit_kind = s.unit_kind and now.unit_id = s.unit_id
            and now.month = $month::date and now.n_back = datediff('month', $base::date, $month::date)
        inner join core.bridge_month as was
            on was.unit_kind = s.unit_kind and was.unit_id = s.unit_id
            and was.month = $base::date and was.n_back = 1
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
    n_new_customers::bigint as n_new_customers,
from steps
