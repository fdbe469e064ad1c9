-- One row: one person, indicator of $indicators and month of the $n_months months up to $month: its value and, with $is_compared, those of
-- the month before and a year before. $region_id limits the people unless ''.
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
    ),

    chosen as (
        select v.unit_id, v.indicator, v.month, v.numerator, v.denominator, v.value
        from indicators.value as v
        inner join seen as s on s.unit_id = v.unit_id
        where
            v.unit_kind = 'rep'
            and v.indicator in (select unnest($indicators::varchar[]))
            and v.month between cast($month::date - to_months($n_months::integer - 1 + case when $is_compared then 12 else 0 end) as date) and $month::date
    )

select
    'rep' as unit_kind, c.unit_id, c.indicator, c.month,
    c.numerator, c.denominator, c.value,
    p.value as prev_value, null::double as prev_change, null::double as prev_usual,
    y.value as year_value, null::double as year_change, null::double as year_usual,
    null::double as value_usual,
from chosen as c
left join chosen as p on p.unit_id = c.unit_id and p.indicator = c.indicator and p.month = cast(c.month - interval 1 month as date)
left join chosen as y on y.unit_id = c.unit_id and y.indicator = c.indicator and y.month = cast(c.month - interval 1 year as date)
where c.month > cast($month::date - to_months($n_months::integer) as date)
order by c.unit_id, c.indicator, c.month
