-- One row: one person with a statement in $month: figures, difficulty, score for pay, pay; beside it pay and score of $base.
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

    statement as (
        select * from pay.statement where month = $month::date
    ),

    before as (
        select * from pay.statement where month = $base::date
    ),

    target as (
        select unit_id, value from indicators.value
        where unit_kind = 'rep' and indicator = 'target_attainment' and month = $month::date
    ),

    market as (
        select * from difficulty.rep_coefficient where month = $month::date
    )

select
    statement.rep_id as rep_id,
    seen.unit_name as rep_name,
    seen.team_id as team_id,
    team.unit_name as team_name,
    seen.region_id as region_id,
    region.unit_name as region_name,
    cast(statement.sales_amount as double) as sales_amount,
    target.value as attainment,
    market.adjusted as adjusted,
    market.d as d,
    cast(statement.score as double) as score,
    cast(before.score as double) as score_before,
    statement.collection_rate as collection_rate,
    statement.expense_rate as expense_rate,
    coalesce(statement.expense_band, '') as expense_band,
    cast(statement.total_amount as double) as total_amount,
    cast(before.total_amount as double) as total_before,
    cast(statement.balance_amount as double) as balance_amount,
    cast(statement.carried_amount as double) as carried_amount,
    statement.is_void as is_void,
    statement.is_closed as is_closed,
from statement
inner join seen on seen.unit_kind = 'rep' and seen.unit_id = statement.rep_id
left join core.unit as team on team.unit_kind = 'team' and team.unit_id = seen.team_id
left join core.unit as region on region.unit_kind = 'region' and region.unit_id = seen.region_id
left join before on before.rep_id = statement.rep_id
left join target on target.unit_id = statement.rep_id
left join market on market.rep_id = statement.rep_id
order by statement.rep_id
