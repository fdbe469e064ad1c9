-- One row: one group that may be shown: how many of its people get the bonus, before and after the market is taken
-- into account, beside everybody else.
-- Formula: counts of fairness.person over the group and over all others with a result, of whatever group or none: the sum
-- of a kind alone would tell, less the groups shown, what its withheld groups are.
-- Why: the four-fifths ratio, its test and the flip of one decision need these counts alone.
with
member as (
    select * from fairness.member
),

group_size as (
    select * from fairness.group_size
),

person as (
    select * from fairness.person
    where is_bonus is not null
),

counted as (
    select
        member.group_kind as group_kind,
        member.group_id as group_id,
        count(*) as n,
        count(*) filter (where person.is_bonus) as n_bonus,
        count(*) filter (where person.is_bonus_before) as n_bonus_before,
    from member
    inner join person
        on person.rep_id = member.rep_id
    group by member.group_kind, member.group_id
),

total as (
    select
        count(*) as n,
        count(*) filter (where is_bonus) as n_bonus,
        count(*) filter (where is_bonus_before) as n_bonus_before,
    from person
),

selection as (
    select
        counted.group_kind as group_kind,
        counted.group_id as group_id,
        cast(counted.n as integer) as n,
        cast(counted.n_bonus as integer) as n_bonus,
        cast(counted.n_bonus_before as integer) as n_bonus_before,
        cast(total.n - counted.n as integer) as n_rest,
        cast(total.n_bonus - counted.n_bonus as integer) as n_bonus_rest,
        cast(total.n_bonus_before - counted.n_bonus_before as integer) as n_bonus_rest_before,
    from counted
    cross join total
    inner join group_size
        on group_size.group_kind = counted.group_kind
        and group_size.group_id = counted.group_id
        and group_size.is_shown
)

select * from selection
order by group_kind, group_id
