-- One row: one part of a person's coefficient in a month: what it adds to ln d. The parts add up to the coefficient.
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
    c.item,
    c.title_en,
    c.title_zh,
    c.amount,
    c.value,
    c.mean_value,
    c.weight,
from difficulty.contribution as c
inner join seen as s on s.unit_kind = 'rep' and s.unit_id = c.rep_id
where c.rep_id = $rep_id and c.month = $month::date
order by c.item in ('mix', 'reference'), abs(c.amount) desc, c.item
