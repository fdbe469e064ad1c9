-- One row: one unit of a kind, with the people on duty in it.
-- $unit_kind company, region, team or rep; $parent_id limits it to the units
-- of one parent, '' to none. People are those on duty in $month.
with
    seen as (
        select unit_kind, unit_id
        from core.unit
        where
            $scope_all
            or list_contains($scope_regions::varchar[], region_id)
            or list_contains($scope_teams::varchar[], team_id)
            or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
    )

select
    u.unit_kind,
    u.unit_id,
    u.unit_name,
    u.parent_kind,
    u.parent_id,
    u.region_id,
    u.team_id,
    coalesce(p.n_people, 0)::bigint as n_people,
from core.unit as u
inner join seen as s on s.unit_kind = u.unit_kind and s.unit_id = u.unit_id
left join core.unit_people as p on p.unit_kind = u.unit_kind and p.unit_id = u.unit_id and p.month = $month::date
where
    u.unit_kind = $unit_kind
    and ($parent_id = '' or u.parent_id = $parent_id)
order by u.unit_id
