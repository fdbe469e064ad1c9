-- One row: one indicator of the company, a region or a team in one month.
-- Formula: changes of amounts and counts are shares of the value before, all others differences; usual = the standard deviation over
-- the 12 months before, where at least 6 of them have one.
-- Why: pages show 13 months of every indicator of a unit; a change is news only outside its own variation. People are too many for
-- it: panels/person_series.sql works theirs out for those asked for.
with
value as (
    select * from indicators.value
    where unit_kind <> 'rep'
),

definition as (
    select * from indicators.definition
),

chosen as (
    select
        value.unit_kind as unit_kind,
        value.unit_id as unit_id,
        value.indicator as indicator,
        value.month as month,
        cast(value.numerator as double) as numerator,
        cast(value.denominator as double) as denominator,
        value.value as value,
        definition.unit in ('money', 'count', 'pieces') as is_relative,
    from value
    inner join definition
        on definition.indicator = value.indicator
),

compared as (
    select
        chosen.*,
        before.value as prev_value,
        year.value as year_value,
    from chosen
    left join chosen as before
        on before.unit_kind = chosen.unit_kind
        and before.unit_id = chosen.unit_id
        and before.indicator = chosen.indicator
        and before.month = cast(chosen.month - interval '1' month as date)
    left join chosen as year
        on year.unit_kind = chosen.unit_kind
        and year.unit_id = chosen.unit_id
        and year.indicator = chosen.indicator
        and year.month = cast(chosen.month - interval '1' year as date)
),

changed as (
    select
        *,
        case when not is_relative then value - prev_value when prev_value > 0 then value / prev_value - 1 end as prev_change,
        case when not is_relative then value - year_value when year_value > 0 then value / year_value - 1 end as year_change,
    from compared
),

-- the months asked for: where only one is new, the others need not be compared again
asked as (
    select * from changed
    where month in (select month from core.calendar)
),

-- a join with the 12 months before each: a window over a range of months costs ten times as much
varied as (
    select
        now.unit_kind as unit_kind,
        now.unit_id as unit_id,
        now.indicator as indicator,
        now.month as month,
        stddev_samp(before.prev_change order by before.month) as prev_usual,
        count(before.prev_change) as n_prev,
        stddev_samp(before.year_change order by before.month) as year_usual,
        count(before.year_change) as n_year,
        stddev_samp(before.value order by before.month) as value_usual,
        count(before.value) as n_value,
    from asked as now
    inner join changed as before
        on before.unit_kind = now.unit_kind
        and before.unit_id = now.unit_id
        and before.indicator = now.indicator
        and before.month < now.month
        and before.month >= now.month - interval '12' month
    group by now.unit_kind, now.unit_id, now.indicator, now.month
),

told as (
    select
        asked.unit_kind as unit_kind,
        asked.unit_id as unit_id,
        asked.indicator as indicator,
        asked.month as month,
        asked.numerator as numerator,
        asked.denominator as denominator,
        asked.value as value,
        asked.prev_value as prev_value,
        asked.prev_change as prev_change,
        case when varied.n_prev >= 6 then varied.prev_usual end as prev_usual,
        asked.year_value as year_value,
        asked.year_change as year_change,
        case when varied.n_year >= 6 then varied.year_usual end as year_usual,
        case when varied.n_value >= 6 then varied.value_usual end as value_usual,
    from asked
    left join varied
        on varied.unit_kind = asked.unit_kind
        and varied.unit_id = asked.unit_id
        and varied.indicator = asked.indicator
        and varied.month = asked.month
)

select * from told
