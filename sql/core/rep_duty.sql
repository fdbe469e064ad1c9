-- One row: one salesperson, team, region and month, with the workdays on duty there.
-- Formula: workdays of the region's calendar between hire and leave date inside the stay;
-- exposure_rate = workdays on duty here / workdays of the month.
-- Why: per-day rates and targets split by day when somebody moves, joins or leaves in mid-month.
with
month as (
    select * from core.month
),

rep as (
    select * from core.rep
),

assignment as (
    select * from core.assignment
),

workday as (
    select * from core.workday
),

stay as (
    select
        assignment.rep_id as rep_id,
        assignment.team_id as team_id,
        assignment.region_id as region_id,
        month.month as month,
        greatest(assignment.from_on, month.starts_on, coalesce(rep.hired_on, month.starts_on)) as from_on,
        least(
            cast(assignment.until_on - interval '1' day as date),
            month.ends_on,
            coalesce(rep.left_on, month.ends_on)
        ) as to_on,
        assignment.source_file as source_file,
        assignment.source_sheet as source_sheet,
        assignment.source_row as source_row,
    from assignment
    inner join rep
        on rep.rep_id = assignment.rep_id
    inner join month
        on month.ends_on >= assignment.from_on
        and month.starts_on < assignment.until_on
    where not rep.is_unmatched
),

total as (
    select
        region_id,
        month,
        sum(n_workdays) as n_workdays,
    from workday
    group by region_id, month
),

on_duty as (
    select
        stay.rep_id as rep_id,
        stay.team_id as team_id,
        stay.region_id as region_id,
        stay.month as month,
        sum(workday.n_workdays) as n_duty_days,
        min(stay.source_file) as source_file,
        min(stay.source_sheet) as source_sheet,
        min(stay.source_row) as source_row,
    from stay
    inner join workday
        on workday.region_id = stay.region_id
        and workday.month = stay.month
        and workday.day_on between stay.from_on and stay.to_on
    group by stay.rep_id, stay.team_id, stay.region_id, stay.month
),

exposed as (
    select
        on_duty.rep_id as rep_id,
        on_duty.team_id as team_id,
        on_duty.region_id as region_id,
        on_duty.month as month,
        cast(on_duty.n_duty_days as integer) as n_duty_days,
        cast(total.n_workdays as integer) as n_workdays,
        ratio(on_duty.n_duty_days, total.n_workdays) as exposure_rate,
        on_duty.source_file as source_file,
        on_duty.source_sheet as source_sheet,
        on_duty.source_row as source_row,
    from on_duty
    inner join total
        on total.region_id = on_duty.region_id
        and total.month = on_duty.month
)

select * from exposed
