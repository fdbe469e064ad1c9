-- One row: one spelling of a team met in any export.
-- Formula: exact id, then exact name, then the same spelling as exactly one id or name; else a team of its own.
-- Why: people exports often name the team, target sheets its id.
with
team as (
    select * from staging.team
),

met as (
    select team_id as value from team
    union select name from team
    union select team_id from staging.rep
    union select team_id from staging.assignment
    union select value from core.named_month where names = 'team'
    union select unit_id from staging.target where unit_kind = 'team'
),

by_name as (
    select
        name as value,
        min(team_id) as team_id,
    from team
    group by name
    having count(*) = 1
),

spelled as (
    select spelling(team_id) as spelled_as, team_id from team
    union
    select spelling(name) as spelled_as, team_id from team
),

by_spelling as (
    select
        spelled_as,
        min(team_id) as team_id,
    from spelled
    where spelled_as <> ''
    group by spelled_as
    having count(*) = 1
),

resolved as (
    select
        met.value as value,
        coalesce(team.team_id, by_name.team_id, by_spelling.team_id, met.value) as team_id,
        case
            when team.team_id is not null then 'id'
            when by_name.team_id is not null then 'name'
            when by_spelling.team_id is not null then 'spelling'
            else 'unmatched'
        end as how,
    from met
    left join team
        on team.team_id = met.value
    left join by_name
        on by_name.value = met.value
    left join by_spelling
        on by_spelling.spelled_as = spelling(met.value)
    where met.value is not null
)

select * from resolved
