-- One row: one market cell in a month: the expectation-weighted coefficient of its people and its interval.
-- Who may not see all reads the cells of his own regions, and of them those with at least two people.
with
    seen as (
        select region_id
        from core.unit
        where
            $scope_all
            or list_contains($scope_regions::varchar[], region_id)
            or list_contains($scope_teams::varchar[], team_id)
            or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
    ),

    judged as (
        select c.*, cell.region_id, cell.product_line, cell.segment
        from difficulty.rep_coefficient as c
        inner join difficulty.cell as cell on cell.cell_id = c.cell_id
        where c.month = $month::date
    )

select
    j.cell_id,
    coalesce(r.region_name, j.region_id) as region_name,
    j.product_line,
    j.segment,
    count(*) as n_people,
    sum(j.expected * j.d_data) / sum(j.expected) as d_data,
    sum(j.expected * j.d_low) / sum(j.expected) as d_low,
    sum(j.expected * j.d_high) / sum(j.expected) as d_high,
    sum(j.expected * j.d_policy) / sum(j.expected) as d_policy,
    sum(j.sold) / sum(j.target) as attainment,
    coalesce(max(p.reason), '') as reason,
    coalesce(max(p.approver), '') as approver,
    max(p.starts_on) as starts_on,
    max(p.ends_on) as ends_on,
    coalesce(max(p.version_id), '') as published_in,
from judged as j
left join difficulty.policy_cell as p on p.cell_id = j.cell_id and p.month = j.month
left join core.region as r on r.region_id = j.region_id
where ($region_id = '' or j.region_id in (select region_id from core.region_tree where ancestor_id = $region_id))
    and ($scope_all or j.region_id in (select region_id from seen))
group by j.cell_id, coalesce(r.region_name, j.region_id), j.product_line, j.segment
having $scope_all or count(*) >= 2
order by d_data desc, j.cell_id
