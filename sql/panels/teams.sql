-- One row: one team with people paid in $month: attainment, pool, pay and scores of its people.
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

    member as (
        select statement.*, rep.team_id as own_team_id
        from pay.statement as statement
        inner join core.unit as rep on rep.unit_kind = 'rep' and rep.unit_id = statement.rep_id
        where statement.month = $month::date
    ),

    people as (
        select
            own_team_id as team_id,
            count(*) as n_people,
            sum(total_amount) as total_amount,
            sum(pool_amount) as pool_share_amount,
            avg(score) as score,
            count(score) as n_scored,
        from member
        group by own_team_id
    ),

    target as (
        select unit_id, numerator, denominator, value
        from indicators.value
        where unit_kind = 'team' and indicator = 'target_attainment' and month = $month::date
    ),

    pool as (
        select * from pay.pool where month = $month::date
    ),

    rule as (
        select pay.pool_threshold, pay.pool_rate, pay.pool_sharing
        from plan.pay as pay
        inner join plan.version as version
            on version.version_id = pay.version_id
            and version.starts_on <= $month::date
            and coalesce(version.ends_on, date '9999-12-31') >= $month::date
    )

select
    seen.unit_id as team_id,
    seen.unit_name as team_name,
    region.unit_name as region_name,
    people.n_people as n_people,
    cast(target.numerator as double) as sales_amount,
    cast(target.denominator as double) as target_amount,
    target.value as attainment,
    cast(people.score as double) as score,
    people.n_scored as n_scored,
    cast(people.total_amount as double) as total_amount,
    cast(people.pool_share_amount as double) as pool_share_amount,
    cast(pool.amount as double) as pool_amount,
    cast(rule.pool_threshold as double) as pool_threshold,
    cast(rule.pool_rate as double) as pool_rate,
    rule.pool_sharing as pool_sharing,
from people
inner join seen on seen.unit_kind = 'team' and seen.unit_id = people.team_id
cross join rule
left join core.unit as region on region.unit_kind = 'region' and region.unit_id = seen.region_id
left join target on target.unit_id = seen.unit_id
left join pool on pool.team_id = seen.unit_id
order by seen.unit_id
