-- One row: one rep, team, region and month.
-- Formula: core.complaint_line by the month of opening and core.complaint_due_line by the month of the deadline, summed.
-- Why: the clock of each complaint is read once.
with
opened as (
    select * from core.complaint_line
),

due as (
    select * from core.complaint_due_line
),

part as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        n_complaints,
        0 as n_reply_due,
        0 as n_replied_in_time,
        0 as n_resolution_due,
        0 as n_resolved_in_time,
    from opened

    union all

    select
        rep_id,
        team_id,
        region_id,
        month,
        0 as n_complaints,
        case when kind = 'reply' then n_due else 0 end as n_reply_due,
        case when kind = 'reply' then n_in_time else 0 end as n_replied_in_time,
        case when kind = 'resolution' then n_due else 0 end as n_resolution_due,
        case when kind = 'resolution' then n_in_time else 0 end as n_resolved_in_time,
    from due
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
    from part
    group by rep_id, team_id, region_id, month
)

select * from summed
