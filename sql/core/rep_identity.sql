-- One row: one way in which any export names a salesperson.
-- Formula: alias list, then exact id, then exact name, then the name before a bracket (where several
-- people share it, the one whose region or team the bracket names); else a person of his own, `?:` before the value.
-- Why: ids differ between systems; a row of someone unknown is shown, never dropped.
with
rep as (
    select * from staging.rep
),

team as (
    select * from core.team
),

region as (
    select * from core.region
),

team_identity as (
    select * from core.team_identity
),

region_identity as (
    select * from core.region_identity
),

met as (
    select rep_id as value, false as is_seller from rep
    union select name, false from rep
    union select alias, false from staging.rep_alias
    union select manager_id, false from rep
    union select manager_id, false from team
    union select manager_id, false from region
    union select helper_rep_id, false from staging.deal where month is null
    union select value, false from core.named_month where names = 'person'
    union select rep_id, true from staging.assignment
    union select rep_id, true from staging.customer
    union select rep_id, true from staging.deal where month is null
    union select rep_id, true from staging.innovation where month is null
    union select value, true from core.named_month where names = 'seller'
    union select unit_id, true from staging.target where unit_kind = 'rep'
),

named as (
    select
        value,
        max(case when is_seller then 1 else 0 end) as n_seller,
        unqualified(value) as plain_name,
        qualifier(value) as qualified_by,
    from met
    where value is not null
    group by value
),

by_alias as (
    select
        alias.alias as value,
        min(alias.rep_id) as rep_id,
    from staging.rep_alias as alias
    group by alias.alias
    having count(distinct alias.rep_id) = 1
),

by_name as (
    select
        name as value,
        min(rep_id) as rep_id,
    from rep
    group by name
    having count(*) = 1
),

placed as (
    select
        rep.rep_id as rep_id,
        rep.name as name,
        team.team_id as team_id,
        team.team_name as team_name,
        region.region_id as region_id,
        region.region_name as region_name,
    from rep
    left join team_identity
        on team_identity.value = rep.team_id
    left join team
        on team.team_id = team_identity.team_id
    left join region_identity
        on region_identity.value = rep.region_id
    left join region
        on region.region_id = coalesce(region_identity.region_id, team.region_id)
),

by_qualifier as (
    select
        named.value as value,
        min(placed.rep_id) as rep_id,
    from named
    inner join placed
        on placed.name = named.plain_name
        and (
            named.qualified_by in (placed.region_id, placed.region_name)
            or named.qualified_by in (placed.team_id, placed.team_name)
        )
    where named.qualified_by <> ''
    group by named.value
    having count(*) = 1
),

matched as (
    select
        named.value as value,
        named.n_seller as n_seller,
        coalesce(by_alias.rep_id, by_id.rep_id, by_name.rep_id, by_qualifier.rep_id, by_plain_name.rep_id) as rep_id,
        case
            when by_alias.rep_id is not null then 'alias'
            when by_id.rep_id is not null then 'id'
            when by_name.rep_id is not null then 'name'
            when by_qualifier.rep_id is not null then 'qualifier'
            when by_plain_name.rep_id is not null then 'qualifier'
            else 'unmatched'
        end as how,
    from named
    left join by_alias
        on by_alias.value = named.value
    left join rep as by_id
        on by_id.rep_id = named.value
    left join by_name
        on by_name.value = named.value
    left join by_qualifier
        on by_qualifier.value = named.value
    left join by_name as by_plain_name
        on by_plain_name.value = named.plain_name
),

resolved as (
    select
        value,
        coalesce(rep_id, '?:' || value) as rep_id,
        how,
        n_seller = 1 as is_seller,
    from matched
)

select * from resolved
