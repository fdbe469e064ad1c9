-- One row: one rep, team, region and month.
-- Formula: core.rep_duty summed.
-- Why: a rate per workday takes its base from here.
with
line as (
    select * from core.rep_duty
),

summed as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        cast(sum(n_duty_days) as integer) as n_duty_days,
    from line
    group by rep_id, team_id, region_id, month
)

select * from summed
