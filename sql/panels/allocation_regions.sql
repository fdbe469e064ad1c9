-- One row: one region with a resource and sales, as it stands today, and how its sales respond.
-- Today is the mean of the plan's window of months up to $month; people are those of $month, in whole numbers.
-- Margin = gross profit / sales where the cost is known; 1 where none is known, so that sales are maximised.
-- $resource promotion or headcount.
with
    seen as (
        select unit_kind, unit_id
        from core.unit
        where
            $scope_all
            or list_contains($scope_regions::varchar[], region_id)
            or list_contains($scope_teams::varchar[], team_id)
            or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
    ),

    setting as (
        select a.*
        from plan.allocation as a
        inner join plan.version as v using (version_id)
        where $month::date between v.starts_on and coalesce(v.ends_on, date '9999-12-31')
    ),

    windowed as (
        select
            m.region_id, m.region_name, m.month,
            m.sales_amount::double as sales, m.profit_amount::double as profit, m.costed_amount::double as costed,
            case $resource when 'headcount' then m.n_people else coalesce(m.promotion_amount, 0)::double end as resource,
        from allocation.region_month as m
        cross join setting as s
        where m.month <= $month::date and m.month > cast($month::date - to_months(s.window_months) as date)
    ),

    today as (
        select
            region_id, region_name,
            case $resource when 'headcount' then round(max(resource) filter (where month = $month::date)) else avg(resource) end as resource,
            avg(sales) as sales,
            coalesce(sum(profit) / nullif(sum(costed), 0), 1) as margin,
            sum(costed) > 0 as has_margin,
            count(*) as n_months,
        from windowed
        group by region_id, region_name
    ),

    attained as (
        select unit_id, numerator::double / nullif(denominator::double, 0) as attainment
        from indicators.value
        where unit_kind = 'region' and indicator = 'target_attainment' and month = $month::date
    )

select
    t.region_id, t.region_name,
    t.resource as today, t.sales, t.margin, t.has_margin,
    r.elasticity, r.elasticity_low, r.elasticity_high, r.se, r.shared_se, r.level_se, r.own_elasticity, r.own_se,
    r.resource_sd, r.leverage, r.low_seen, r.high_seen, r.n_months as months_fitted, r.is_prior_only,
    r.is_conflict, r.conflict_z, r.pooled_elasticity, r.mean_elasticity, r.tau, r.chase_p, r.carry, r.carry_se, r.residual,
    s.prior_elasticity, s.prior_sd, s.change_limit_rate, s.probability, s.switching_cost_amount::double as switching_cost, s.person_cost_amount::double as person_cost, s.window_months,
    b.low as bound_low, b.high as bound_high, coalesce(b.together, '') as together,
    w.without, w.more, w.unlimited,
    a.attainment,
from today as t
inner join seen on seen.unit_kind = 'region' and seen.unit_id = t.region_id
inner join allocation.response as r on r.region_id = t.region_id and r.resource = $resource
cross join setting as s
left join plan.allocation_bound as b on b.version_id = s.version_id and b.resource = $resource and b.region in (t.region_id, t.region_name)
left join plan.allocation_answer as w on w.version_id = s.version_id and w.resource = $resource and w.region in (t.region_id, t.region_name)
left join attained as a on a.unit_id = t.region_id
where t.resource > 0 and t.sales > 0
order by t.region_id
