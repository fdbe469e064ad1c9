-- One row: one rep, team, region and month.
-- Formula: core.activity_line summed.
-- Why: reports and meetings are counted once.
with
line as (
    select * from core.activity_line
),

summed as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        cast(sum(n_reports) as integer) as n_reports,
        cast(sum(n_meetings) as integer) as n_meetings,
        cast(sum(n_attended) as integer) as n_attended,
    from line
    group by rep_id, team_id, region_id, month
)

select * from summed
