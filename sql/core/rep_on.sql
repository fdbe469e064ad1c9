-- One row: one way in which an export names a salesperson, in one stay; value '' is nobody.
-- Formula: the rep behind the value, with the team and region of the stay.
-- Why: one join by value and date attributes a row of any export; nobody's rows belong to the company alone.
with
identity as (
    select * from core.rep_identity
),

assignment as (
    select * from core.assignment
),

attributed as (
    select
        identity.value as value,
        assignment.from_on as from_on,
        assignment.until_on as until_on,
        identity.rep_id as rep_id,
        assignment.team_id as team_id,
        assignment.region_id as region_id,
    from identity
    inner join assignment
        on assignment.rep_id = identity.rep_id

    union all

    select
        '' as value,
        date '0001-01-01' as from_on,
        date '9999-12-31' as until_on,
        '' as rep_id,
        '' as team_id,
        '' as region_id,
)

select * from attributed
