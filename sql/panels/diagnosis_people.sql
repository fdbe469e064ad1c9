-- One row: one person on duty in the month and one theme to coach him in; a person without a theme has one row without it.
-- n_judged = indicators in which he can be compared. The weakest indicator of the theme comes with its numbers.
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

    duty as (
        select rep_id
        from core.duty_month
        where month = $month::date and n_duty_days > 0
        group by rep_id
    ),

    judged as materialized (
        select rep_id, indicator, theme, direction, sort, unit, value, n_months, n_peers, peer_value, gap, gap_low, gap_high, spreads, is_weak, movement
        from diagnosis.comparison
        where month = $month::date and rep_id in (select unit_id from seen where unit_kind = 'rep')
    ),

    counted as (
        select rep_id, count(*) as n_judged
        from judged
        group by rep_id
    ),

    themed as (
        select rep_id, theme, indicator, n_weak, shortfall, place
        from diagnosis.coaching
        where month = $month::date
    )

select
    s.unit_id as rep_id, s.unit_name as rep_name,
    t.unit_name as team_name, g.unit_name as region_name,
    coalesce(c.n_judged, 0) as n_judged,
    h.theme, h.place, h.n_weak, h.shortfall,
    j.indicator, j.value, j.n_months, j.n_peers, j.peer_value, j.gap_low, j.gap_high, j.spreads, j.movement,
from seen as s
inner join duty as d on d.rep_id = s.unit_id
left join core.unit as t on t.unit_kind = 'team' and t.unit_id = s.team_id
left join core.unit as g on g.unit_kind = 'region' and g.unit_id = s.region_id
left join counted as c on c.rep_id = s.unit_id
left join themed as h on h.rep_id = s.unit_id
left join judged as j on j.rep_id = h.rep_id and j.indicator = h.indicator
where s.unit_kind = 'rep'
order by s.unit_id, h.place
