-- One row: the commission ledger of one person of $rep_ids in $month: what waited, came, was released and lost.
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
    balance.rep_id as rep_id,
    cast(balance.opening as double) as opening,
    cast(balance.accrued as double) as accrued,
    cast(balance.released as double) as released,
    cast(balance.clawed_back as double) as clawed_back,
    cast(balance.closing as double) as closing,
from pay.ledger_balance as balance
inner join asked on asked.rep_id = balance.rep_id
where balance.month = $month::date
order by balance.rep_id
