-- One row: what was checked before anything else: whether skill and market can be told apart, how far targets price the
-- market, and who got the special case (overrides and appeals of the last 12 months).
-- Why: the answers of the review rest on these.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    ),
    gate as (
        select * from difficulty.variance order by period desc limit 1
    ),

    period as (
        select max(month) as month from fairness.person
    ),

    appeal as (
        select
            count(*) filter (where a.decided_at is not null) as n_appeals,
            count(*) filter (where a.status = 'accepted') as n_upheld,
        from state.appeal as a
        cross join period
        where a.month > period.month - interval 12 month and a.month <= period.month
    ),

    override as (
        select count(*) as n_overrides from state.override as o
        cross join period
        where o.month > period.month - interval 12 month and o.month <= period.month
    ),

    market_appeal as (
        select
            count(*) filter (where p.market = 'hard') as n_hard,
            count(*) filter (where p.market = 'hard' and a.status = 'accepted') as n_hard_upheld,
            count(*) filter (where p.market = 'easy') as n_easy,
            count(*) filter (where p.market = 'easy' and a.status = 'accepted') as n_easy_upheld,
        from state.appeal as a
        inner join fairness.person as p on a.unit_kind = 'rep' and p.rep_id = a.unit_id
        inner join fairness.group_size as g on g.group_kind = 'market' and g.group_id = p.market and g.is_shown
        where a.decided_at is not null
    )

select
    period.month,
    (select count(*) from fairness.person) as n_people,
    (select count(distinct region_id) from fairness.person) as n_regions,
    g.verdict, g.shared_rate, g.mover_rate, g.is_sorting_alarm, g.skill_variance_movers / nullif(g.skill_variance, 0) as sorting_ratio,
    (select f.effect from fairness.finding as f where f.item = 'F15' and f.measure = 'priced') as priced_slope,
    override.n_overrides, appeal.n_appeals, appeal.n_upheld,
    m.n_hard, m.n_hard_upheld, m.n_easy, m.n_easy_upheld,
from allowed
cross join period
left join gate as g on true
cross join appeal
cross join override
cross join market_appeal as m
