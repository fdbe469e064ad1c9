-- One row: one proposal, attributed to a rep, team and region.
-- Formula: proposals of the exports and of the form; one adopted on the form counts in the month that was chosen for it, on the
-- day of adoption or the nearest day of that month. An adopted proposal brings its points, at least 1 and at most 2; a month's points of a rep count up to plan.setting.innovation_cap, first adopted first.
-- Why: good ideas pay, but never replace selling.
with
exported as (
    select * from staging.innovation
),

entered as (
    select
        innovation.*,
        case
            when innovation.status = 'adopted' then least(
                greatest(cast(innovation.adopted_at as date), innovation.month),
                cast(innovation.month + interval '1' month - interval '1' day as date)
            )
        end as adopted_on,
    from state.innovation as innovation
),

innovation as (
    select
        innovation_id,
        rep_id,
        proposed_on,
        adopted_on,
        month,
        points,
        title,
        source_file,
        source_sheet,
        source_row,
    from exported

    union all

    select
        innovation_id,
        rep_id,
        month as proposed_on,
        adopted_on,
        case when adopted_on is not null then month end as month,
        cast(points as decimal(18, 6)) as points,
        title,
        'state.db' as source_file,
        'innovation' as source_sheet,
        0 as source_row,
    from entered
),

rep_on as (
    select * from core.rep_on
),

attributed as (
    select
        innovation.innovation_id as innovation_id,
        coalesce(innovation.adopted_on, innovation.proposed_on) as on_date,
        innovation.month as month,
        coalesce(rep_on.rep_id, '') as rep_id,
        coalesce(rep_on.team_id, '') as team_id,
        coalesce(rep_on.region_id, '') as region_id,
        innovation.title as title,
        cast(case
            when innovation.adopted_on is null then 0
            else least(greatest(coalesce(innovation.points, 1), 1), 2)
        end as decimal(18, 6)) as points,
        innovation.source_file as source_file,
        innovation.source_sheet as source_sheet,
        innovation.source_row as source_row,
    from innovation
    left join rep_on
        on rep_on.value = coalesce(innovation.rep_id, '')
        and coalesce(innovation.adopted_on, innovation.proposed_on) >= rep_on.from_on
        and coalesce(innovation.adopted_on, innovation.proposed_on) < rep_on.until_on
),

setting as (
    select * from plan.setting
),

running as (
    select
        attributed.*,
        sum(points) over (
            partition by rep_id, month
            order by on_date, innovation_id
            rows between unbounded preceding and current row
        ) as points_so_far,
    from attributed
),

capped as (
    select
        running.*,
        cast(greatest(
            least(points_so_far, setting.innovation_cap) - least(points_so_far - points, setting.innovation_cap),
            0
        ) as decimal(18, 6)) as counted_points,
    from running
    cross join setting
)

select * from capped
