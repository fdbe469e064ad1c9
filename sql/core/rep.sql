-- One row: one salesperson, listed or only met in an export.
-- Formula: a rep without a region takes the region of the team.
-- Why: `is_unmatched` people keep their amounts and are listed by `check` until someone names them.
with
rep as (
    select * from staging.rep
),

identity as (
    select * from core.rep_identity
),

team as (
    select * from core.team
),

team_identity as (
    select * from core.team_identity
),

region_identity as (
    select * from core.region_identity
),

listed as (
    select
        rep.rep_id as rep_id,
        rep.name as rep_name,
        team.team_id as team_id,
        coalesce(region_identity.region_id, team.region_id) as region_id,
        case when manager.how = 'unmatched' then rep.manager_id else manager.rep_id end as manager_id,
        rep.channel as channel,
        rep.role as role,
        rep.hired_on as hired_on,
        rep.left_on as left_on,
        rep.group_gender as group_gender,
        rep.group_age as group_age,
        false as is_unmatched,
        rep.source_file as source_file,
        rep.source_sheet as source_sheet,
        rep.source_row as source_row,
    from rep
    left join team_identity
        on team_identity.value = rep.team_id
    left join team
        on team.team_id = team_identity.team_id
    left join region_identity
        on region_identity.value = rep.region_id
    left join identity as manager
        on manager.value = rep.manager_id
),

met as (
    select
        rep_id as rep_id,
        min(value) as rep_name,
        cast(null as varchar) as team_id,
        cast(null as varchar) as region_id,
        cast(null as varchar) as manager_id,
        cast(null as varchar) as channel,
        cast(null as varchar) as role,
        cast(null as date) as hired_on,
        cast(null as date) as left_on,
        cast(null as varchar) as group_gender,
        cast(null as varchar) as group_age,
        true as is_unmatched,
        cast(null as varchar) as source_file,
        cast(null as varchar) as source_sheet,
        cast(null as bigint) as source_row,
    from identity
    where how = 'unmatched'
    and is_seller
    group by rep_id
),

reps as (
    select * from listed
    union all
    select * from met
)

select * from reps
