-- One row: one person of a month whose market coefficient was set by hand, with who set it, why, until when, and what it moved;
-- those of one person together, the most money first.
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
    m.rep_id as unit_id,
    s.unit_name,
    m.source,
    coalesce(m.approver, '') as approver,
    coalesce(m.reason, '') as reason,
    m.expires_on,
    coalesce(m.published_in, '') as published_in,
    m.d,
    m.d_data,
    m.d_low,
    m.d_high,
    m.points_moved,
    m.pay_moved,
from pay.coefficient_moved as m
inner join seen as s on s.unit_kind = 'rep' and s.unit_id = m.rep_id
inner join difficulty.cell as cell on cell.cell_id = m.cell_id
where m.month = $month::date
    and ($region_id = '' or cell.region_id in (select region_id from core.region_tree where ancestor_id = $region_id))
order by sum(abs(m.pay_moved)) over (partition by m.approver) desc, m.approver, abs(m.pay_moved) desc, abs(m.points_moved) desc, m.rep_id
