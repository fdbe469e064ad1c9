-- One row: one group that may be shown in one stratum: who gets the bonus there, in the group and among all others.
-- Formula: stratum = third of the market by expected sales (unknown where nothing was expected of a person) x main product
-- line of the last 12 months, lines of under 10 % of people together; for groups of markets the line alone. A stratum of
-- under five people on either side is not shown; nor are the next smallest, until those not shown are five on both sides.
-- Why: people in the same kind of market with the same kind of product should have the same chance; and the group less its
-- strata that are shown must not give a few people away.
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
),

smallest as (
    select value as n from fairness.rule
    where rule = 'smallest_group'
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

-- Everybody by stratum; for groups of markets in strata of the line alone.
placed as (
    select
        person.rep_id as rep_id,
        use.is_for_markets as is_for_markets,
        case when use.is_for_markets then '' else coalesce(person.market, 'unknown') end as market,
        coalesce(large_line.line, '') as line,
        person.is_bonus as is_bonus,
    from person
    cross join (select unnest([true, false]) as is_for_markets) as use
    left join large_line
        on large_line.line = person.line
),

counted as (
    select
        member.group_kind as group_kind,
        member.group_id as group_id,
        placed.market as market,
        placed.line as line,
        count(*) as n,
        count(*) filter (where placed.is_bonus) as n_bonus,
    from member
    inner join placed
        on placed.rep_id = member.rep_id
        and placed.is_for_markets = (member.group_kind = 'market')
    group by member.group_kind, member.group_id, placed.market, placed.line
),

total as (
    select
        is_for_markets,
        market,
        line,
        count(*) as n,
        count(*) filter (where is_bonus) as n_bonus,
    from placed
    group by is_for_markets, market, line
),

compared as (
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
        on total.is_for_markets = (group_size.group_kind = 'market')
    left join counted
        on counted.group_kind = group_size.group_kind
        and counted.group_id = group_size.group_id
        and counted.market = total.market
        and counted.line = total.line
),

sized as (
    select
        compared.*,
        compared.n between 1 and smallest.n - 1 or compared.n_rest between 1 and smallest.n - 1 as is_small,
        smallest.n as smallest,
    from compared
    cross join smallest
),

-- How many people lie in the strata before, those of few people and then the smallest first.
ordered as (
    select
        sized.*,
        coalesce(sum(n) over before, 0) as n_before,
        coalesce(sum(n_rest) over before, 0) as n_rest_before,
    from sized
    window before as (
        partition by group_kind, group_id
        order by is_small desc, least(n, n_rest), n + n_rest, market, line
        rows between unbounded preceding and 1 preceding
    )
),

stratum as (
    select
        group_kind,
        group_id,
        market,
        line,
        n,
        n_bonus,
        n_rest,
        n_bonus_rest,
        not is_small
        and n_before not between 1 and smallest - 1
        and n_rest_before not between 1 and smallest - 1 as is_shown,
    from ordered
)

select * from stratum
order by group_kind, group_id, market, line
