-- One row: one daily report, or one stay on duty of the months with reports.
-- Why: the exported rows behind the report filing rate.
with
lines as (
    select
        month,
        rep_id,
        team_id,
        region_id,
        activity_id as id,
        n_reports as n_reports,
        cast(0 as integer) as n_duty_days,
        source_file,
        source_sheet,
        source_row,
    from core.activity_line
    where kind = 'report'

    union all

    select
        month,
        rep_id,
        team_id,
        region_id,
        rep_id as id,
        cast(0 as integer) as n_reports,
        n_duty_days as n_duty_days,
        source_file,
        source_sheet,
        source_row,
    from core.rep_duty
    where month in (select month from core.coverage where subject = 'report')
)

select * from lines
