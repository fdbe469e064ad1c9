-- One row: the commission ledger of one person in $month: what waited, came, was released and lost.
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

select
    cast(balance.opening as double) as opening,
    cast(balance.accrued as double) as accrued,
    cast(balance.released as double) as released,
    cast(balance.clawed_back as double) as clawed_back,
    cast(balance.closing as double) as closing,
from pay.ledger_balance as balance
inner join seen on seen.unit_kind = 'rep' and seen.unit_id = balance.rep_id
where balance.rep_id = $rep_id and balance.month = $month::date
