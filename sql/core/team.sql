-- One row: one team, listed or only met in an export.
-- Formula: a team without a region takes the region all its people share.
-- Why: a team that is in no list still holds people and sales.
with
team as (
    select * from staging.team
),

identity as (
    select * from core.team_identity
),

region_identity as (
    select * from core.region_identity
),

shared_region as (
    select
        identity.team_id as team_id,
        min(region_identity.region_id) as region_id,
    from staging.rep as rep
    inner join identity
        on identity.value = rep.team_id
    inner join region_identity
        on region_identity.value = rep.region_id
    group by identity.team_id
    having count(distinct region_identity.region_id) = 1
),

teams as (
    select
        team.team_id as team_id,
        team.name as team_name,
        team.region_id as region_value,
        team.manager_id as manager_id,
        false as is_unmatched,
        team.source_file as source_file,
        team.source_sheet as source_sheet,
        team.source_row as source_row,
    from team

    union all

    select
        value as team_id,
        value as team_name,
        cast(null as varchar) as region_value,
        cast(null as varchar) as manager_id,
        true as is_unmatched,
        cast(null as varchar) as source_file,
        cast(null as varchar) as source_sheet,
        cast(null as bigint) as source_row,
    from identity
    where how = 'unmatched'
),

placed as (
    select
        teams.team_id as team_id,
        teams.team_name as team_name,
        coalesce(region_identity.region_id, shared_region.region_id) as region_id,
        teams.manager_id as manager_id,
        teams.is_unmatched as is_unmatched,
        teams.source_file as source_file,
        teams.source_sheet as source_sheet,
        teams.source_row as source_row,
    from teams
    left join region_identity
        on region_identity.value = teams.region_value
    left join shared_region
        on shared_region.team_id = teams.team_id
)

select * from placed
