-- One row: one group that may be shown in one stratum: who gets the bonus there, in the group and in the rest of its
-- kind.
-- Formula: stratum = third of the market by expected sales x main product line of the last 12 months, lines of under 10 %
-- of people together; for groups of markets the line alone.
-- Why: people in the same kind of market with the same kind of product should have the same chance.
with
member as (
    select * from fairness.member
),

group_size as (
    select * from fairness.group_size
    where is_shown
),

person as (
    select * from fairness.person
    where is_bonus is not null
    and market is not null
),

line as (
    select
        coalesce(line, '') as line,
        count(*) as n,
    from person
    group by coalesce(line, '')
),

large_line as (
    select line from line
    where n >= 0.1 * (select count(*) from person)
    and line <> ''
),

placed as (
    select
        member.group_kind as group_kind,
        member.group_id as group_id,
        case when member.group_kind = 'market' then '' else person.market end as market,
        coalesce(large_line.line, '') as line,
        person.is_bonus as is_bonus,
    from member
    inner join person
        on person.rep_id = member.rep_id
    left join large_line
        on large_line.line = person.line
),

counted as (
    select
        group_kind,
        group_id,
        market,
        line,
        count(*) as n,
        count(*) filter (where is_bonus) as n_bonus,
    from placed
    group by group_kind, group_id, market, line
),

total as (
    select
        group_kind,
        market,
        line,
        sum(n) as n,
        sum(n_bonus) as n_bonus,
    from counted
    group by group_kind, market, line
),

stratum as (
    select
        group_size.group_kind as group_kind,
        group_size.group_id as group_id,
        total.market as market,
        total.line as line,
        cast(coalesce(counted.n, 0) as integer) as n,
        cast(coalesce(counted.n_bonus, 0) as integer) as n_bonus,
        cast(total.n - coalesce(counted.n, 0) as integer) as n_rest,
        cast(total.n_bonus - coalesce(counted.n_bonus, 0) as integer) as n_bonus_rest,
    from group_size
    inner join total
        on total.group_kind = group_size.group_kind
    left join counted
        on counted.group_kind = group_size.group_kind
        and counted.group_id = group_size.group_id
        and counted.market = total.market
        and counted.line = total.line
)

select * from stratum
order by group_kind, group_id, market, line
