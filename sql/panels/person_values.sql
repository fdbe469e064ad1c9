-- One row: the value of one indicator of $indicators for one person in one of the $n_months months up to $month; none where it has no base.
-- $region_id limits the people unless ''.
-- Why: tables of many people show values alone; how much each usually varies, panels/person_series.sql, costs ten times as much.
with
    seen as (
        select unit_id
        from core.unit
        where
            unit_kind = 'rep'
            and ($region_id = '' or region_id = $region_id)
            and (
                $scope_all
                or list_contains($scope_regions::varchar[], region_id)
                or list_contains($scope_teams::varchar[], team_id)
                or list_contains($scope_reps::varchar[], unit_id)
            )
    )

select v.unit_id, v.indicator, v.month, v.value
from indicators.value as v
inner join seen as s on s.unit_id = v.unit_id
where
    v.unit_kind = 'rep'
    and v.indicator in (select unnest($indicators::varchar[]))
    and v.month between cast($month::date - to_months($n_months::integer - 1) as date) and $month::date
order by v.unit_id, v.indicator, v.month
