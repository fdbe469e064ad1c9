-- One row: one rep, team, region and month.
-- Formula: core.complaint_line summed.
-- Why: the clock of each complaint is read once.
with
line as (
    select * from core.complaint_line
),

summed as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        cast(sum(n_complaints) as integer) as n_complaints,
        cast(sum(n_reply_due) as integer) as n_reply_due,
        cast(sum(n_replied_in_time) as integer) as n_replied_in_time,
        cast(sum(n_resolution_due) as integer) as n_resolution_due,
        cast(sum(n_resolved_in_time) as integer) as n_resolved_in_time,
    from line
    group by rep_id, team_id, region_id, month
)

select * from summed
