-- One row: one factor of the gap between a region in the scope and another in it, or all the others together (other_id '').
-- All the others are shown to a reader who does not see them only where they are at least five: a band, nobody's number.
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
    g.region_id, s.unit_name as region_name, g.other_id, coalesce(o.unit_name, '') as other_name, g.n_others,
    g.factor, g.value, g.other_value, g.result_amount as result, g.other_amount as other_result, g.gap_amount as gap, g.effect_amount as effect,
from diagnosis.region_gap as g
inner join seen as s on s.unit_kind = 'region' and s.unit_id = g.region_id
left join seen as o on o.unit_kind = 'region' and o.unit_id = g.other_id
where g.month = $month::date and case when g.other_id = '' then $scope_all or g.n_others >= 5 else o.unit_id is not null end
order by g.region_id, g.other_id, g.place
