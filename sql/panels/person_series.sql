-- One row: one person, indicator and month of the $n_months months up to $month, as diagnosis.unit_change has it for other units:
-- value, the two values it is compared with, both changes, and how much each usually varies: the standard deviation
-- over the 12 months before. Changes of amounts and counts are shares of the value before, all others differences.
-- $unit_ids limits the people and $indicators the indicators unless empty, $region_id the people unless ''; $unit_kind is rep.
-- Why: a change is news only outside its own variation.
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
    ),

    -- 12 months shown before this one, 12 before those for their variation, 12 for last year's values
    chosen as (
        select
            v.unit_kind, v.unit_id, v.indicator, v.month,
            v.numerator::double as numerator, v.denominator::double as denominator, v.value,
            d.unit in ('money', 'count', 'pieces') as is_relative,
        from indicators.value as v
        inner join seen as s on s.unit_kind = v.unit_kind and s.unit_id = v.unit_id
        inner join indicators.definition as d on d.indicator = v.indicator
        where
            v.unit_kind = $unit_kind
            and (len($indicators::varchar[]) = 0 or list_contains($indicators::varchar[], v.indicator))
            and v.month between cast($month::date - interval 36 month as date) and $month::date
    ),

    compared as (
        select
            c.*,
            p.value as prev_value,
            y.value as year_value,
        from chosen as c
        left join chosen as p
            on p.unit_id = c.unit_id and p.indicator = c.indicator and p.month = cast(c.month - interval 1 month as date)
        left join chosen as y
            on y.unit_id = c.unit_id and y.indicator = c.indicator and y.month = cast(c.month - interval 1 year as date)
    ),

    changed as (
        select
            *,
            case when not is_relative then value - prev_value when prev_value > 0 then value / prev_value - 1 end as prev_change,
            case when not is_relative then value - year_value when year_value > 0 then value / year_value - 1 end as year_change,
        from compared
    ),

    shown as (
        select * from changed
        where month > cast($month::date - to_months($n_months::integer) as date)
    ),

    -- a join with the 12 months before each: a window over a range of months costs ten times as much
    varied as (
        select
            s.unit_id, s.indicator, s.month,
            stddev_samp(b.prev_change) as prev_usual,
            count(b.prev_change) as n_prev,
            stddev_samp(b.year_change) as year_usual,
            count(b.year_change) as n_year,
            stddev_samp(b.value) as value_usual,
            count(b.value) as n_value,
        from shown as s
        inner join changed as b
            on b.unit_id = s.unit_id and b.indicator = s.indicator
            and b.month < s.month and b.month >= s.month - interval 12 month
        group by s.unit_id, s.indicator, s.month
    )

select
    s.unit_kind, s.unit_id, s.indicator, s.month,
    s.numerator, s.denominator, s.value,
    s.prev_value, s.prev_change,
    case when v.n_prev >= 6 then v.prev_usual end as prev_usual,
    s.year_value, s.year_change,
    case when v.n_year >= 6 then v.year_usual end as year_usual,
    case when v.n_value >= 6 then v.value_usual end as value_usual,
from shown as s
left join varied as v on v.unit_id = s.unit_id and v.indicator = s.indicator and v.month = s.month
order by s.unit_id, s.indicator, s.month
