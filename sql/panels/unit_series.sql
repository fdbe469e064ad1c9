-- One row: one indicator of the company, a region or a team in one of the $n_months months up to $month.
-- $unit_kind; $unit_ids limits the units and $indicators the indicators unless empty, $region_id the units unless ''.
with
    seen as (
        select unit_kind, unit_id
        from core.unit
        where
            unit_kind = $unit_kind
            and (len($unit_ids::varchar[]) = 0 or list_contains($unit_ids::varchar[], unit_id))
            and ($region_id = '' or region_id = $region_id)
            and (
                $scope_all
                or list_contains($scope_regions::varchar[], region_id)
                or list_contains($scope_teams::varchar[], team_id)
                or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
            )
    )

select
    v.unit_kind, v.unit_id, v.indicator, v.month,
    v.numerator, v.denominator, v.value,
    v.prev_value, v.prev_change, v.prev_usual,
    v.year_value, v.year_change, v.year_usual,
    v.value_usual,
from diagnosis.unit_change as v
inner join seen as s on s.unit_kind = v.unit_kind and s.unit_id = v.unit_id
where
    v.unit_kind = $unit_kind
    and v.month > cast($month::date - to_months($n_months::integer) as date) and v.month <= $month::date
    and (len($indicators::varchar[]) = 0 or list_contains($indicators::varchar[], v.indicator))
order by v.unit_id, v.indicator, v.month
