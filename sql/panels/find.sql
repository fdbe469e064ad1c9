-- One row: one unit or customer that the reader may see and whose name, id or spelling fits what was typed, best first.
-- $typed is lower case without spaces; $most limits the rows. A name or id that begins so comes before a spelling that
-- begins so, and that before one that only holds it. A customer is seen with his salesperson or his region.
with
    seen as (
        select unit_kind, unit_id, unit_name, region_id, team_id, parent_kind, parent_id
        from core.unit
        where
            $scope_all
            or list_contains($scope_regions::varchar[], region_id)
            or list_contains($scope_teams::varchar[], team_id)
            or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
    ),

    named as (
        select unit_kind as kind, unit_id as id, unit_name as name, region_id, case when unit_kind = 'rep' then unit_id end as rep_id, parent_kind, parent_id
        from seen
        where unit_kind <> 'company'

        union all

        select 'customer', c.customer_id, c.customer_name, c.region_id, s.unit_id, 'rep', s.unit_id
        from core.customer as c
        left join seen as s on s.unit_kind = 'rep' and s.unit_id = c.rep_id
        where $scope_all or s.unit_id is not null or list_contains($scope_regions::varchar[], c.region_id)
    ),

    -- names are made alike once, in the calculation, and only those that fit are looked at
    fitting as (
        select kind, id, min(case
            when name = $typed then 0
            when starts_with(name, $typed) then 1
            when spelling = $typed or initials = $typed then 2
            when starts_with(spelling, $typed) or starts_with(initials, $typed) then 3
            when contains(name, $typed) then 4
            else 5
        end) as distance
        from core.search_key
        where contains(name, $typed) or contains(initials, $typed) or contains(spelling, $typed)
        group by kind, id
    ),

    ranked as (
        select n.*, least(
            coalesce(f.distance, 9),
            case when lower(n.id) = $typed then 0 when starts_with(lower(n.id), $typed) then 1 else 9 end
        ) as distance
        from named as n
        left join fitting as f on f.kind = n.kind and f.id = n.id
        where f.distance is not null or starts_with(lower(n.id), $typed)
    )

select
    r.kind,
    r.id,
    r.name,
    r.rep_id,
    region.unit_name as region_name,
    parent.unit_name as parent_name,
    count(*) over () as n_found,
from ranked as r
left join seen as region on region.unit_kind = 'region' and region.unit_id = r.region_id
left join seen as parent on parent.unit_kind = r.parent_kind and parent.unit_id = r.parent_id and parent.unit_kind <> 'company'
order by r.distance, case r.kind when 'region' then 0 when 'team' then 1 when 'rep' then 2 else 3 end, length(r.name), r.name, r.id
limit $most
