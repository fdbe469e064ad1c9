-- One row: one daily report or morning meeting, attributed to a rep, team and region.
-- Formula: team and region of the rep's stay on the day.
-- Why: discipline is counted, not felt.
with
activity as (
    select * from staging.activity
),

rep_on as (
    select * from core.rep_on
),

attributed as (
    select
        activity.activity_id as activity_id,
        activity.done_on as on_date,
        activity.month as month,
        coalesce(rep_on.rep_id, '') as rep_id,
        coalesce(rep_on.team_id, '') as team_id,
        coalesce(rep_on.region_id, '') as region_id,
        activity.kind as kind,
        case when activity.kind = 'report' and activity.is_done then 1 else 0 end as n_reports,
        case when activity.kind = 'meeting' then 1 else 0 end as n_meetings,
        case when activity.kind = 'meeting' and activity.is_done then 1 else 0 end as n_attended,
        activity.source_file as source_file,
        activity.source_sheet as source_sheet,
        activity.source_row as source_row,
    from activity
    left join rep_on
        on rep_on.value = coalesce(activity.rep_id, '')
        and activity.done_on >= rep_on.from_on
        and activity.done_on < rep_on.until_on
)

select * from attributed
