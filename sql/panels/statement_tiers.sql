-- One row: one tier that one person's base reached in $month.
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
    tier.tier as tier,
    cast(tier.base_amount as double) as base_amount,
    cast(tier.rate as double) as rate,
    cast(tier.factor as double) as factor,
    cast(tier.amount as double) as amount,
from pay.tier_line as tier
inner join seen on seen.unit_kind = 'rep' and seen.unit_id = tier.rep_id
where tier.rep_id = $rep_id and tier.month = $month::date
order by tier.tier
