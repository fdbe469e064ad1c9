-- One row: one visit, or one stay on duty of the months with visits.
-- Why: the exported rows behind visits per workday.
with
lines as (
    select
        month,
        rep_id,
        team_id,
        region_id,
        visit_id as id,
        n_visits as n_visits,
        cast(0 as integer) as n_duty_days,
        source_file,
        source_sheet,
        source_row,
    from core.visit_line

    union all

    select
        month,
        rep_id,
        team_id,
        region_id,
        rep_id as id,
        cast(0 as integer) as n_visits,
        n_duty_days as n_duty_days,
        source_file,
        source_sheet,
        source_row,
    from core.rep_duty
    where month in (select month from core.coverage where subject = 'visit')
)

select * from lines
