-- One row: one indicator of the person $rep beside his peers in the month, weakest first; nothing of a person outside the scope.
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
    c.indicator, c.theme, c.unit, c.direction, c.denominator, c.n_months, c.value, c.n_peers, c.peer_value, c.peer_spread,
    c.gap, c.gap_low, c.gap_high, c.spreads, c.is_weak, c.is_strong, c.this_value, c.last_value, c.moved, c.moved_low, c.moved_high, c.movement,
from diagnosis.comparison as c
inner join seen as s on s.unit_kind = 'rep' and s.unit_id = c.rep_id
where c.month = $month::date and c.rep_id = $rep
order by c.spreads nulls last, c.sort, c.indicator
