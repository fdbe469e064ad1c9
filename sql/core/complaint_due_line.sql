-- One row: one reply or one resolution that a complaint was owed, in the month its time ran out.
-- Formula: a reply is due plan.setting.reply_hours after the complaint was opened, a resolution or an escalation
-- plan.setting.resolution_days after; in time = at the latest then. Due by the as-of date only.
-- Why: customers judge a company by what happens after something went wrong; whether it happened in time is known once the
-- time has run out, and does not change later.
with
complaint as (
    select * from core.complaint_line
),

setting as (
    select * from plan.setting
),

month as (
    select * from core.month
),

replied_complaint as (
    select * from core.replied_complaint
),

clock as (
    select
        complaint.*,
        'reply' as kind,
        complaint.opened_at + cast(setting.reply_hours * 60 as integer) * interval '1' minute as due_at,
        complaint.replied_at as done_at,
    from complaint
    cross join setting
    cross join replied_complaint
    where replied_complaint.has_replies

    union all

    select
        complaint.*,
        'resolution' as kind,
        complaint.opened_at + cast(setting.resolution_days * 1440 as integer) * interval '1' minute as due_at,
        least(complaint.resolved_at, complaint.escalated_at) as done_at,
    from complaint
    cross join setting
    cross join replied_complaint
    where replied_complaint.has_resolutions
),

due as (
    select
        clock.complaint_id as complaint_id,
        clock.kind as kind,
        cast(clock.due_at as date) as on_date,
        month.month as month,
        clock.rep_id as rep_id,
        clock.team_id as team_id,
        clock.region_id as region_id,
        clock.customer_id as customer_id,
        clock.opened_at as opened_at,
        clock.due_at as due_at,
        clock.done_at as done_at,
        1 as n_due,
        case when clock.done_at <= clock.due_at then 1 else 0 end as n_in_time,
        clock.source_file as source_file,
        clock.source_sheet as source_sheet,
        clock.source_row as source_row,
    from clock
    inner join month
        on month.month = month_of(cast(clock.due_at as date))
        and clock.due_at < cast(month.as_of_on as timestamp) + interval '1' day
)

select * from due
