-- The fairness review of the fixture's company: people, groups and findings made from hashes, with the columns of a
-- published run. Two questions deserve a look, one rule is crossed, one cannot be told.
create schema if not exists fairness;
create schema if not exists difficulty;
create schema if not exists state;

create table if not exists difficulty.variance as
select date '2026-10-01' as period, 'separable' as verdict, .91 as shared_rate, .31 as mover_rate, 48 as n_people, 12 as n_cells, 0.0 as mean_z, .12 as total, .05 as tau2_raw,
    .05 as cell_variance, .07 as skill_variance, .065 as skill_variance_movers, false as is_sorting_alarm;
create table if not exists plan.rater_weight (rater_kind varchar, weight decimal(18,6));
create table if not exists state.override (override_id varchar, kind varchar, month date, unit_kind varchar, unit_id varchar, item varchar, value double, reason varchar, approver varchar, decided_at timestamp, expires_on date, appeal_id varchar);
create table if not exists state.appeal (appeal_id varchar, run_id varchar, month date, unit_kind varchar, unit_id varchar, item varchar, category varchar, expected_value double, status varchar, sent_at timestamp, due_at timestamp, decided_at timestamp, decided_by varchar, outcome varchar);

create table fairness.person as
with base as (
    select
        rep_id, region_id, team_id, 'M' || team_id as manager_id,
        exp(.25 * (2 * noise(region_id, 'ease') - 1) + .3 * (noise(rep_id, 'ease') - .5)) as ease,
        exp(.5 * (noise(rep_id, 'skill') - .5)) as skill,
    from core.rep
)
select
    date '2026-10-01' as month, rep_id, region_id, team_id, manager_id, 'retail' as channel, 'dry' as line, '1 to 3 years' as tenure,
    ['easy', 'medium', 'hard'][ntile(3) over (order by ease desc, rep_id)] as market, null::varchar as gender, null::varchar as age, 30 as tenure_months, 24.0 as exposure,
    600000 * ease * skill as sold, 600000 * ease as expected, 600000.0 as target, 1 / ease as d, .88 / ease as d_low, 1.12 / ease as d_high, 1 / ease as d_used, 1.0 as d_policy,
    ln(skill) as r, .01 as v, .85 as reliability, false as is_thin, ease * skill as raw, skill as adjusted, 80 + 20 * ln(skill) as score, 80 + 20 * ln(skill) as measure,
    9000.0 + 100 * ln(skill) as pay_amount, true as has_targets, true as has_scores, true as is_standard, 20 as n_bonus,
    (row_number() over (order by ease * skill desc, rep_id))::integer as raw_rank, (row_number() over (order by skill desc, rep_id))::integer as adjusted_rank,
    row_number() over (order by skill desc, rep_id) <= 20 as is_bonus, row_number() over (order by ease * skill desc, rep_id) <= 20 as is_bonus_before
from base;

create table fairness.counterfactual as
select rep_id, adjusted_rank::double as rank, raw_rank::double as rank_without, adjusted_rank::double as rank_low, adjusted_rank::double as rank_high, is_bonus <> is_bonus_before as depends from fairness.person;
create table fairness.funnel as
select rep_id, expected, 100 * d as events, exp(r) as ratio, .72 as inner_low, 1.38 as inner_high, .6 as outer_low, 1.6 as outer_high, r * 10 as z, .5 as p, case when exp(r) > 1.24 then 'inner' else '' end as zone, .01 as tau2
from fairness.person;
create table fairness.rank_interval as
select rep_id, region_id, r as estimate, adjusted_rank::double as median_rank, greatest(1, adjusted_rank - 9)::double as rank_low, least(48, adjusted_rank + 9)::double as rank_high, .2 as top_fifth_rate, .6 as beats_next_rate,
    case when adjusted_rank <= 9 then 'A' when adjusted_rank >= 41 then 'C' else 'B' end as band
from fairness.person;
create table fairness.mover_cell as
select rep_id, 'c' || i as cell_id, ln(sold) + .2 * i as ln_sold, ln(expected) + .21 * i as ln_expected from fairness.person, generate_series(1, 2) as g (i) where noise(rep_id, 'moves') < .3;
create table fairness.target_gap as select rep_id, manager_id, region_id, ln(target) as ln_target, ln(expected) as ln_expected, ln(target / expected) as gap from fairness.person;
create table fairness.line as
select item, measure, 'line' as kind, x, y, y - .05 as low, y + .05 as high from (values ('F3', 'raw', .8, 1.15), ('F3', 'raw', 1.2, .85), ('F3', 'adjusted', .8, 1.0), ('F3', 'adjusted', 1.2, 1.01), ('F4', 'sales', -.2, -.19), ('F4', 'sales', .2, .19), ('F15', 'target', 13.0, 13.2), ('F15', 'target', 13.6, 13.4)) as l (item, measure, x, y)
union all select 'F3', 'raw', 'bin', 1.0, 1.0, null, null;
create table fairness.stratum as
select 'region' as group_kind, 'R6' as group_id, m as market, '' as line, 6 as n, 1 as n_bonus, 10 as n_rest, 5 as n_bonus_rest, true as is_shown from (values ('easy'), ('medium'), ('hard')) as s (m);
create table fairness.inequality as
select * from (values ('raw', 48, 0, 1.0, .042, .018, .024, .43, .02, .15), ('adjusted', 48, 0, 1.0, .021, .001, .02, .05, .01, .11), ('score', 48, 0, 80.0, .002, .0001, .0019, .05, .001, .03), ('pay', 48, 0, 9000.0, .01, .001, .009, .1, .005, .07))
    as i (measure, n, n_excluded, mean, theil, between_regions, within_regions, between_share, atkinson, gini);
create table fairness.gap as
select * from (values ('score', 'region', 'R6', '', 6, 42, 74.0, 81.0, -7.0, -.5, -.2, 0.0, -6.3, -9.1, -3.5, .0001, 4.2), ('sales', 'region', 'R1', 'R8', 6, 6, 13.4, 12.9, .5, 0.0, .38, .02, .1, -.1, .3, .3, .2))
    as g (measure, group_kind, group_id, other_id, n, n_other, mean, mean_other, gap, by_result, by_market, by_tenure, unexplained, unexplained_low, unexplained_high, p, residual_sd);
create table fairness.rater as
select 'manager' as rater_kind, 'M' || team_id as rater_id, 3 as n_people, 2 as n_shared, e as effect, e - 2.5 as effect_low, e + 2.5 as effect_high, e / 7 as effect_sd, e / 1.3 as z, .1 as p, .7 * e as correction, 'shared' as evidence, .62 as icc21, .71 as icc31, .29 as shared_rate, 7.0 as sd
from (select team_id, case when team_id = 'R7T1' then 5.6 else 4 * (noise(team_id, 'strict') - .5) end as e from core.team);
create table fairness.rater_spread as select rater_kind, rater_id, n_people, .9 as sd_ratio, .4 as halo from fairness.rater;
create table fairness.source as
select * from (values ('source', 'weights', .35), ('source', 'scale', .2), ('source', 'sum', .1), ('source', 'coefficient', .3), ('without', 'result', .22), ('without', 'process', .08), ('all', 'flips', .06), ('all', 'shift', 3.1)) as s (kind, name, value);
create table fairness.group_size as
select 'region' as group_kind, region_id as group_id, count(*)::integer as n_people, region_id <> 'R8' as is_shown, region_id = 'R8' as is_small, true as is_asked from fairness.person group by region_id
union all select 'market', market, count(*)::integer, true, false, true from fairness.person group by market;
create table fairness.special_case as
select 'region' as group_kind, region_id as group_id, region_id <> 'R8' as is_shown, case when region_id <> 'R8' then count(*)::integer end as n_people,
    case when region_id <> 'R8' then 4 end as n_sent, case when region_id <> 'R8' then 2 end as n_decided, case when region_id <> 'R8' then 1 end as n_upheld, case when region_id <> 'R8' then 3 end as n_overrides,
    case when region_id <> 'R8' then .5::double end as upheld_rate, case when region_id <> 'R8' then 3.0::double / count(*) end as overrides_rate
from fairness.person group by region_id;

create table fairness.rule as
select * from (values ('F1', 'outer_level', .998, 'Spiegelhalter 2005'), ('F5', 'impact_ratio', .8, 'EEOC Uniform Guidelines 1978, 4D'), ('all', 'false_discovery_rate', .05, 'Benjamini & Hochberg 1995')) as r (item, rule, value, set_by);

create table fairness.finding (item varchar, measure varchar, group_kind varchar, group_id varchar, effect double, effect_low double, effect_high double, effect_before double, n integer, p double, q double, threshold double, unseen double, flag varchar, reason varchar);
insert into fairness.finding values
    ('F1', 'people', '', '', 0, null, null, .1, 48, null, null, .998, null, 'none', ''),
    ('F2', 'shift', '', '', 6.1, null, null, .61, 48, null, null, 4.8, null, 'amber', ''),
    ('F3', 'adjusted', '', '', .08, -.2, .35, -.58, 48, .6, .8, .1, .39, 'none', ''),
    ('F4', 'slope', '', '', .94, .71, 1.17, null, 15, .6, .8, .8, null, 'none', ''),
    ('F5', 'impact_ratio', 'region', 'R6', .33, .06, 1.9, .4, 6, .03, .2, .8, .58, 'amber', 'one decision'),
    ('F5', 'impact_ratio', 'market', 'hard', .95, .5, 1.7, .3, 16, .8, .9, .8, .42, 'none', ''),
    ('F5', 'impact_ratio', 'team', '', null, null, null, null, 2, null, null, 5, null, 'withheld', 'few people'),
    ('F7', 'impact_ratio', 'region', 'R6', .9, null, null, .33, 6, null, null, .8, null, 'amber', 'one decision'),
    ('F8', 'odds_ratio', 'region', 'R6', .2, .05, .9, null, 18, .03, .2, null, null, 'amber', ''),
    ('F9', 'standardised_ratio', 'region', 'R6', .4, null, null, .33, 18, null, null, .8, null, 'none', ''),
    ('F10', 'between_share', '', '', .05, .01, .2, .43, 48, .3, .6, 0, null, 'none', ''),
    ('F11', 'score', 'region', 'R6', -6.3, -9.1, -3.5, -7, 6, .0001, .01, .5, 4.9, 'look', ''),
    ('F12', 'severity', 'manager', 'MR7T1', 5.6, 3.1, 8.1, null, 3, .0001, .01, 2, 3.6, 'look', 'shared'),
    ('F13', 'width', '', '', 18, null, null, 3, 48, null, null, 24, null, 'none', ''),
    ('F13', 'months', '', '', 1.06, null, null, null, 48, null, null, 1.25, null, 'none', ''),
    ('F14', 'flips', '', '', .06, null, null, null, 48, null, null, .1, null, 'none', ''),
    ('F15', 'priced', '', '', .58, .4, .76, null, 48, .01, .04, .5, null, 'none', '');
insert into fairness.finding
select 'F12', 'severity', rater_kind, rater_id, effect, effect_low, effect_high, null, n_people, .4, .7, 2, 3.6, 'none', 'shared' from fairness.rater where rater_id <> 'MR7T1';
create view fairness.verdict as
select
    item, flag, measure, group_kind, group_id, effect, effect_low, effect_high, effect_before, n, p, q, threshold, unseen, reason,
    (count(*) filter (where flag = 'look') over item)::integer as n_look, (count(*) filter (where flag = 'amber') over item)::integer as n_amber,
    (count(*) filter (where flag = 'withheld') over item)::integer as n_withheld, (count(*) over item)::integer as n_findings
from fairness.finding
window item as (partition by item)
qualify row_number() over (partition by item order by case flag when 'look' then 1 when 'amber' then 2 when 'none' then 3 when 'cannot tell' then 4 else 5 end, q nulls last, abs(effect) desc nulls last) = 1;
