-- One row: one day of one region's calendar; region '' is the general calendar.
-- Formula: Monday to Friday, changed by the exceptions of the region, else of the nearest region above it, else of all.
-- Why: rates per workday must not punish the region that had a holiday.
with
exception as (
    select * from staging.workday
),

identity as (
    select * from core.region_identity
),

tree as (
    select * from core.region_tree
),

setting as (
    select * from plan.setting
),

lived as (
    select first_month, last_month from core.exported_span
    union all
    select first_month, last_month from setting
),

bounds as (
    select
        min(first_month) as first_on,
        cast(max(last_month) + interval '1' month as date) as until_on,
    from lived
),

digit as (
    select * from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as digit (n)
),

step as (
    select thousands.n * 1000 + hundreds.n * 100 + tens.n * 10 + ones.n as n
    from digit as thousands
    cross join digit as hundreds
    cross join digit as tens
    cross join digit as ones
),

day as (
    select cast(bounds.first_on + step.n * interval '1' day as date) as day_on
    from bounds
    cross join step
    where cast(bounds.first_on + step.n * interval '1' day as date) < bounds.until_on
),

calendar as (
    select region_id as region_id from core.region
    union all
    select '' as region_id
),

candidate as (
    select
        calendar.region_id as region_id,
        exception.day_on as day_on,
        exception.is_workday as is_workday,
        coalesce(tree.n_steps, 99) as n_steps,
        exception.note as note,
    from calendar
    cross join exception
    left join identity
        on identity.value = exception.region_id
    left join tree
        on tree.region_id = calendar.region_id
        and tree.ancestor_id = identity.region_id
    where exception.region_id is null
    or tree.ancestor_id is not null
),

nearest as (
    select
        region_id,
        day_on,
        is_workday,
        note,
        row_number() over (partition by region_id, day_on order by n_steps, is_workday) as n_choice,
    from candidate
),

decided as (
    select
        calendar.region_id as region_id,
        day.day_on as day_on,
        month_of(day.day_on) as month,
        cast(case
            when nearest.is_workday is not null then case when nearest.is_workday then 1 else 0 end
            when weekday_of(day.day_on) <= 5 then 1
            else 0
        end as integer) as n_workdays,
        nearest.note as note,
    from calendar
    cross join day
    left join nearest
        on nearest.region_id = calendar.region_id
        and nearest.day_on = day.day_on
        and nearest.n_choice = 1
)

select * from decided
