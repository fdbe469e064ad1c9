-- One row: one tier that the base of one person of $rep_ids reached in $month.
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
    tier.rep_id as rep_id,
    tier.tier as tier,
    cast(tier.base_amount as double) as base_amount,
    cast(tier.rate as double) as rate,
    cast(tier.factor as double) as factor,
    cast(tier.amount as double) as amount,
from pay.tier_line as tier
inner join asked on asked.rep_id = tier.rep_id
where tier.month = $month::date
order by tier.rep_id, tier.tier
