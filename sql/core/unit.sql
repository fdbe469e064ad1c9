-- One row: one unit that can be judged: the company, a region, a team or a rep.
-- Formula: a rep belongs to his team, a team to its region, a region to its parent, all else to the company.
-- Why: one list gives pages, targets and roll-ups the same tree.
with
region as (
    select * from core.region
),

team as (
    select * from core.team
),

rep as (
    select * from core.rep
),

identity as (
    select * from core.rep_identity
),

units as (
    select
        'company' as unit_kind,
        'company' as unit_id,
        'company' as unit_name,
        cast(null as varchar) as parent_kind,
        cast(null as varchar) as parent_id,
        cast(null as varchar) as region_id,
        cast(null as varchar) as team_id,
        cast(null as varchar) as manager_value,

    union all

    select
        'region' as unit_kind,
        region_id as unit_id,
        region_name as unit_name,
        case when parent_id is null then 'company' else 'region' end as parent_kind,
        coalesce(parent_id, 'company') as parent_id,
        region_id as region_id,
        cast(null as varchar) as team_id,
        manager_id as manager_value,
    from region

    union all

    select
        'team' as unit_kind,
        team_id as unit_id,
        team_name as unit_name,
        case when region_id is null then 'company' else 'region' end as parent_kind,
        coalesce(region_id, 'company') as parent_id,
        region_id as region_id,
        team_id as team_id,
        manager_id as manager_value,
    from team

    union all

    select
        'rep' as unit_kind,
        rep_id as unit_id,
        rep_name as unit_name,
        case
            when team_id is not null then 'team'
            when region_id is not null then 'region'
            else 'company'
        end as parent_kind,
        coalesce(team_id, region_id, 'company') as parent_id,
        region_id as region_id,
        team_id as team_id,
        manager_id as manager_value,
    from rep
),

managed as (
    select
        units.unit_kind as unit_kind,
        units.unit_id as unit_id,
        units.unit_name as unit_name,
        units.parent_kind as parent_kind,
        units.parent_id as parent_id,
        units.region_id as region_id,
        units.team_id as team_id,
        case
            when identity.how = 'unmatched' then units.manager_value
            else coalesce(identity.rep_id, units.manager_value)
        end as manager_id,
    from units
    left join identity
        on identity.value = units.manager_value
)

select * from managed
