-- One row: one person in one group of the review.
-- Formula: region, team, manager, tenure band, channel and third of the market by expected sales; gender and age only where
-- the plan opts in (review_gender, review_age). A kind in which everybody or nobody has a group is left out by group_size.
-- Why: every question about groups runs over the same list.
with
person as (
    select * from fairness.person
),

setting as (
    select * from plan.setting
),

kinds as (
    select 'region' as group_kind, region_id as group_id, rep_id, region_id, from person
    union all
    select 'team' as group_kind, team_id as group_id, rep_id, region_id, from person
    union all
    select 'manager' as group_kind, manager_id as group_id, rep_id, region_id, from person
    union all
    select 'tenure' as group_kind, tenure as group_id, rep_id, region_id, from person
    union all
    select 'channel' as group_kind, channel as group_id, rep_id, region_id, from person
    union all
    select 'market' as group_kind, market as group_id, rep_id, region_id, from person
    union all
    select 'gender' as group_kind, gender as group_id, rep_id, region_id, from person
    where (select review_gender from setting)
    union all
    select 'age' as group_kind, age as group_id, rep_id, region_id, from person
    where (select review_age from setting)
),

member as (
    select
        group_kind,
        group_id,
        rep_id,
        region_id,
    from kinds
    where group_id is not null
    and group_id <> ''
)

select * from member
order by group_kind, group_id, rep_id
