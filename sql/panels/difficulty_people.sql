-- One row: one person judged in a month: market coefficient with its interval, what of it enters pay, and attainment and place
-- before and after. $region_id limits it to a region and those below, '' to none. Places are among all people judged.
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

    judged as (
        select
            c.*,
            rank() over (order by c.attainment desc) as place_before,
            rank() over (order by c.adjusted desc) as place_after,
            count(*) over () as n_people,
        from difficulty.rep_coefficient as c
        where c.month = $month::date
    )

select
    j.rep_id as unit_id,
    s.unit_name,
    coalesce(r.region_name, cell.region_id) as region_name,
    cell.product_line,
    cell.segment,
    j.level_used,
    j.d_data,
    j.d_low,
    j.d_high,
    j.d_policy,
    j.d,
    j.d_pay,
    j.points,
    j.reliability,
    j.needs_approval,
    coalesce(j.override_reason, '') as override_reason,
    coalesce(j.override_approver, '') as override_approver,
    j.sold,
    j.expected,
    j.has_target,
    j.attainment,
    j.adjusted,
    j.adjusted_low,
    j.adjusted_high,
    j.place_before,
    j.place_after,
    j.n_people,
    i.index,
    i.index_low,
    i.index_high,
    coalesce(i.reliability, 0) as index_reliability,
    coalesce(i.is_thin, true) as is_thin,
    w.whale_rate,
from judged as j
inner join seen as s on s.unit_kind = 'rep' and s.unit_id = j.rep_id
inner join difficulty.cell as cell on cell.cell_id = j.cell_id
left join core.region as r on r.region_id = cell.region_id
left join difficulty.rep_index as i on i.rep_id = j.rep_id and i.month = j.month
left join difficulty.whale as w on w.rep_id = j.rep_id and w.month = j.month
where
    $region_id = ''
    or cell.region_id in (select region_id from core.region_tree where ancestor_id = $region_id)
order by j.d_data desc, j.rep_id
