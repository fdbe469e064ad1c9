-- One row: one person's share of one team's pool of $month.
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
    share.team_id as team_id,
    share.rep_id as rep_id,
    seen.unit_name as rep_name,
    share.n_duty_days as n_duty_days,
    cast(share.score as double) as score,
    cast(share.sales_amount as double) as sales_amount,
    share.share_rate as share_rate,
    cast(share.amount as double) as amount,
from pay.pool_share as share
inner join seen on seen.unit_kind = 'rep' and seen.unit_id = share.rep_id
where share.month = $month::date
order by share.team_id, share.amount desc, share.rep_id
