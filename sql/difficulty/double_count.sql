-- One row: one month: how far targets already hold market difficulty.
-- Formula: slope of ln(target / exposure) on ln(expected / exposure) over people with a target of their own; 0 = targets ignore
-- the market, 1 = they price it fully. is_alarm: over .8.
-- Why: where targets price the market, a second coefficient by hand would count it twice.
with
judged as (
    select * from difficulty.rep_coefficient
    where has_target
),

log as (
    select
        month,
        ln(expected / exposure) as x,
        ln(target / exposure) as y,
    from judged
),

slope as (
    select
        month,
        slope(x, y) as slope,
        count(*) as n_people,
    from log
    group by month
),

meter as (
    select
        month,
        slope,
        n_people,
        coalesce(slope > .8, false) as is_alarm,
    from slope
)

select * from meter
