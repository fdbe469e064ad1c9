-- Diagnosis of the fixture: the first person of each second team is weak in closing deals, all others are as their peers; regions
-- differ by their number.
create schema diagnosis;

create table if not exists core.duty_month as
select rep_id, team_id, region_id, month, n_duty_days from core.rep_duty;

create table diagnosis.comparison as
select
    r.rep_id, m.month, i.indicator, i.theme, i.unit, i.direction, i.sort, 100.0::double as numerator, 400.0::double as denominator, 6 as n_months,
    i.peers * (case when weak then .6 else .95 + .1 * noise(r.rep_id, i.indicator) end) as value, 20 as n_peers, i.peers as peer_value, i.peers * .15 as peer_spread,
    i.peers * (case when weak then -.4 else -.05 + .1 * noise(r.rep_id, i.indicator) end) as gap,
    i.peers * (case when weak then -.7 else -.35 + .1 * noise(r.rep_id, i.indicator) end) as gap_low,
    i.peers * (case when weak then -.1 else .25 + .1 * noise(r.rep_id, i.indicator) end) as gap_high,
    case i.direction when 'down' then -1 else 1 end * (case when weak then -.4 else -.05 + .1 * noise(r.rep_id, i.indicator) end) / .15 as spreads,
    weak as is_weak, false as is_strong, i.peers * .9 as this_value, i.peers as last_value, i.peers * -.1 as moved, i.peers * -.2 as moved_low, 0.0::double as moved_high,
    case when weak then 'worse' else '' end as movement,
from core.rep as r
cross join core.month as m
cross join (values ('win_rate', 'closing', 'rate', 'up', .4, 1), ('expense_ratio', 'spending', 'rate', 'down', .08, 2), ('new_customers', 'opening', 'count', 'up', 4.0, 3)) as i (indicator, theme, unit, direction, peers, sort)
cross join lateral (select r.rep_id like '%T2P1' and i.indicator = 'win_rate' as weak) as w;

create table diagnosis.coaching as
select rep_id, month, theme, indicator, movement, 1 as n_weak, -spreads as shortfall, 1 as place
from diagnosis.comparison
where is_weak;

create table diagnosis.region_gap as
with region as (select region_id, row_number() over (order by region_id) as n from core.region)
select
    a.region_id, coalesce(b.region_id, '') as other_id, case when b.region_id is null then 7 else 1 end as n_others, m.month, f.place, f.factor,
    f.size * (1 + a.n / 20.0) as value, f.size * (1 + coalesce(b.n, 4) / 20.0) as other_value,
    (50000 + 1000 * a.n)::decimal(18, 4) as result_amount, (50000 + 1000 * coalesce(b.n, 4))::decimal(18, 4) as other_amount,
    (1000 * (a.n - coalesce(b.n, 4)))::decimal(18, 4) as gap_amount, (1000 * (a.n - coalesce(b.n, 4)) * f.share)::decimal(18, 4) as effect_amount,
from region as a
left join (select region_id, n from region union all select null, null) as b on b.region_id is distinct from a.region_id
cross join core.month as m
cross join (values (1, 'market', 800000.0, .5), (2, 'leads', .00002, -.2), (3, 'win_rate', .3, .4), (5, 'ticket', 21000.0, .2), (6, 'collection', .85, .1)) as f (place, factor, size, share);
