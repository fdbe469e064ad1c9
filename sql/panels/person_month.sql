-- One row: one person and indicator of $indicators in $month: its value, and those of the month before and a year before.
-- $region_id limits the people unless ''.
-- Why: lists of many people show values alone; how much each usually varies, panels/person_series.sql, costs ten times as much.
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
    ),

    compared as (
        select
            $month::date as month,
            cast($month::date - interval 1 month as date) as before,
            cast($month::date - interval 1 year as date) as year,
    ),

    chosen as (
        select v.unit_id, v.indicator, v.month, v.numerator, v.denominator, v.value
        from indicators.value as v
        inner join seen as s on s.unit_id = v.unit_id
        where
            v.unit_kind = 'rep'
            and v.indicator in (select unnest($indicators::varchar[]))
            and v.month between cast($month::date - interval 1 year as date) and $month::date
    )

select
    c.unit_id,
    c.indicator,
    max(c.numerator) filter (where c.month = t.month) as numerator,
    max(c.denominator) filter (where c.month = t.month) as denominator,
    max(c.value) filter (where c.month = t.month) as value,
    max(c.value) filter (where c.month = t.before) as prev_value,
    max(c.value) filter (where c.month = t.year) as year_value,
from chosen as c
cross join compared as t
group by c.unit_id, c.indicator
having count(*) filter (where c.month = t.month) > 0
order by c.unit_id, c.indicator
