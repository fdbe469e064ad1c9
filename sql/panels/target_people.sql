-- One row: one person on duty at the end of $month, who may get a target, with what speaks for its size.
-- Sales are a month's on duty over the twelve months up to $month, by workdays; the market is the region's size in a month.
-- His target is the one of $month. Expected sales are those of an average person there in a month.
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

    duty as (
        select rep_id, team_id, region_id, month, n_duty_days
        from core.duty_month
        where month <= $month::date and month > cast($month::date - interval 12 month as date) and n_duty_days > 0
    ),

    stays as (
        select rep_id, team_id, region_id, row_number() over (partition by rep_id order by from_on desc, team_id, region_id) as place
        from core.assignment
        where from_on <= last_day($month::date) and until_on > last_day($month::date)
    ),

    longest as (
        select month, max(n_days) as n_days
        from (select month, rep_id, sum(n_duty_days) as n_days from duty group by month, rep_id)
        group by month
    ),

    served as (
        select d.rep_id, sum(d.n_duty_days / l.n_days) as n_months
        from duty as d
        inner join longest as l using (month)
        group by d.rep_id
    ),

    sold as (
        select rep_id, sum(sales_amount)::double as sales
        from core.sales_total
        where month <= $month::date and month > cast($month::date - interval 12 month as date)
        group by rep_id
    ),

    market as (
        select region_id, sum(size_amount)::double as potential
        from core.market_line
        where month = (select max(month) from core.market_line where month <= $month::date and size_amount is not null)
        group by region_id
    ),

    target as (
        select unit_id, target_amount::double as target
        from core.target_unit
        where unit_kind = 'rep' and month = $month::date
    ),

    expectation as (
        select rep_id, expected::double / nullif(exposure::double, 0) as expected
        from difficulty.rep_coefficient
        where month = $month::date
    ),

    people as (
        select
            s.unit_id as rep_id, s.unit_name as rep_name,
            coalesce(y.team_id, '') as team_id, coalesce(t.unit_name, y.team_id, '') as team_name,
            coalesce(y.region_id, '') as region_id, coalesce(g.unit_name, y.region_id, '') as region_name,
            coalesce(sold.sales, 0) / v.n_months as sales, v.n_months,
            coalesce(m.potential, 0) as potential,
            target.target,
            expectation.expected,
        from seen as s
        inner join stays as y on y.rep_id = s.unit_id and y.place = 1
        inner join served as v on v.rep_id = s.unit_id
        left join sold on sold.rep_id = s.unit_id
        left join core.unit as t on t.unit_kind = 'team' and t.unit_id = y.team_id
        left join core.unit as g on g.unit_kind = 'region' and g.unit_id = y.region_id
        left join market as m on m.region_id = y.region_id
        left join target on target.unit_id = s.unit_id
        left join expectation on expectation.rep_id = s.unit_id
        where s.unit_kind = 'rep'
    )

select
    rep_id, rep_name, team_id, team_name, region_id, region_name, sales, n_months, potential,
    count(*) over (partition by region_id) as n_here,
    target,
    expected,
from people
order by region_id, team_id, rep_id
