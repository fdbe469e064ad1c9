-- One row: one month of the pay of one person of $rep_ids, the twelve months up to $month.
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
    )

select
    statement.rep_id as rep_id,
    statement.month as month,
    statement.version_id as version_id,
    cast(statement.sales_amount as double) as sales_amount,
    cast(statement.returned_amount as double) as returned_amount,
    cast(statement.commission_amount as double) as commission_amount,
    statement.is_void as is_void,
    statement.collection_rate as collection_rate,
    cast(statement.accrued_amount as double) as accrued_amount,
    cast(statement.expense_amount as double) as expense_amount,
    statement.expense_rate as expense_rate,
    coalesce(statement.expense_band, '') as expense_band,
    cast(statement.score as double) as score,
    cast(statement.standard_score as double) as standard_score,
    statement.factor as factor,
    cast(statement.carried_amount as double) as carried_amount,
    cast(statement.total_amount as double) as total_amount,
    cast(statement.balance_amount as double) as balance_amount,
    statement.n_duty_days as n_duty_days,
    statement.n_workdays as n_workdays,
    statement.is_closed as is_closed,
from pay.statement as statement
inner join asked on asked.rep_id = statement.rep_id
where statement.month between cast($month::date - interval 11 month as date) and $month::date
order by statement.rep_id, statement.month
