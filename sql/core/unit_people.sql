-- One row: one unit and month with people on duty in it.
-- Formula: the reps with at least one day on duty, by themselves, by team, by region and in the company.
-- Why: every page counts the people behind its numbers; asked of each day on duty it would count them anew each time.
with
duty as (
    select * from core.rep_duty
    where n_duty_days > 0
),

counted as (
    select
        'rep' as unit_kind,
        rep_id as unit_id,
        month as month,
        cast(count(distinct rep_id) as integer) as n_people,
    from duty
    group by rep_id, month

    union all

    select
        'team' as unit_kind,
        team_id as unit_id,
        month as month,
        cast(count(distinct rep_id) as integer) as n_people,
    from duty
    group by team_id, month

    union all

    select
        'region' as unit_kind,
        region_id as unit_id,
        month as month,
        cast(count(distinct rep_id) as integer) as n_people,
    from duty
    group by region_id, month

    union all

    select
        'company' as unit_kind,
        'company' as unit_id,
        month as month,
        cast(count(distinct rep_id) as integer) as n_people,
    from duty
    group by month
)

select * from counted
order by month, unit_kind, unit_id
