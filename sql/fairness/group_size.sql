-- One row: one group of the review, how many people it has and whether it may be shown.
-- Formula: under 5 people: withheld. Where that leaves one group that total less the others would give away, the next
-- smallest is withheld too: inside a region for teams and managers, in the whole company for every kind. A region
-- withheld for that reason withholds its smallest team, since its teams would add up to it. A group of exactly the
-- people of another kind's group (a manager and his team) is not asked about twice.
-- Why: nobody can be singled out, not even by subtraction.
with
member as (
    select * from fairness.member
),

smallest as (
    select value as n from fairness.rule
    where rule = 'smallest_group'
),

sized as (
    select
        group_kind,
        group_id,
        case when group_kind in ('team', 'manager') then max_by(region_id, rep_id) else '' end as parent_id,
        count(*) as n_people,
        min(rep_id) as first_rep_id,
        md5(string_agg(rep_id, ',' order by rep_id)) as people,
    from member
    group by group_kind, group_id
),

kind as (
    select group_kind
    from sized
    group by group_kind
    having count(*) >= 2
),

asked as (
    select
        sized.*,
        row_number() over (
            partition by sized.people
            order by case sized.group_kind when 'region' then 1 when 'team' then 2 when 'manager' then 3 else 4 end, sized.group_kind, sized.group_id
        ) = 1 as is_asked,
        sized.n_people < smallest.n as is_small,
        row_number() over (partition by sized.group_kind, sized.parent_id order by sized.n_people, sized.first_rep_id) as place_in_parent,
        row_number() over (partition by sized.group_kind order by sized.n_people, sized.first_rep_id) as place_in_kind,
        count(*) filter (where sized.n_people < smallest.n) over (partition by sized.group_kind, sized.parent_id) as n_small_in_parent,
        count(*) filter (where sized.n_people < smallest.n) over (partition by sized.group_kind) as n_small_in_kind,
    from sized
    cross join smallest
    inner join kind
        on kind.group_kind = sized.group_kind
),

region_withheld as (
    select group_id as region_id
    from asked
    where group_kind = 'region'
    and place_in_kind <= case when n_small_in_kind = 1 then 2 else n_small_in_kind end
),

first_pass as (
    select
        asked.*,
        is_small
        or place_in_parent <= case when n_small_in_parent = 1 then 2 else n_small_in_parent end
        or (parent_id <> '' and place_in_parent = 1 and parent_id in (select region_id from region_withheld)) as is_withheld,
    from asked
),

counted as (
    select
        first_pass.*,
        count(*) filter (where is_withheld) over (partition by group_kind) as n_withheld,
        row_number() over (partition by group_kind, is_withheld order by n_people, first_rep_id) as place_among_alike,
    from first_pass
),

group_size as (
    select
        group_kind,
        group_id,
        cast(n_people as integer) as n_people,
        not (is_withheld or (n_withheld = 1 and place_among_alike = 1)) as is_shown,
        is_small,
        is_asked,
    from counted
)

select * from group_size
order by group_kind, group_id
