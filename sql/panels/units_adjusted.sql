-- One row: one unit of a kind and month: attainment before and after market difficulty, with its interval and its places.
-- $unit_kind region or rep; $parent_id limits people to a region and those below, '' to none.
-- is_ranked is false where the data cannot tell skill from market, or a person worked too little to be ranked.
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

    verdict as (
        select verdict from difficulty.variance where period = (select max(period) from difficulty.variance where period < $month::date)
    ),

    unit as (
        select
            'rep' as unit_kind, rep_id as unit_id, sold, expected, attainment, adjusted, adjusted_low, adjusted_high, has_target,
        from difficulty.rep_coefficient
        where month = $month::date

        union all

        select
            unit_kind, unit_id, sold, expected, attainment, adjusted, adjusted_low, adjusted_high,
            exists (select 1 from core.target_unit as t where t.unit_kind = u.unit_kind and t.unit_id = u.unit_id and t.month = u.month) as has_target,
        from difficulty.unit_adjusted as u
        where month = $month::date and unit_kind <> 'company'
    )

select
    u.unit_id,
    s.unit_name,
    u.sold,
    u.expected,
    u.attainment,
    u.adjusted,
    u.adjusted_low,
    u.adjusted_high,
    u.has_target,
    v.verdict,
    rank() over (order by u.attainment desc) as place_before,
    rank() over (order by u.adjusted desc) as place_after,
from unit as u
inner join seen as s on s.unit_kind = u.unit_kind and s.unit_id = u.unit_id
cross join verdict as v
where
    u.unit_kind = $unit_kind
    and ($parent_id = '' or s.region_id in (select region_id from core.region_tree where ancestor_id = $parent_id))
order by u.adjusted desc, u.unit_id
