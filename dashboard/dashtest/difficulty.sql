-- Market difficulty of the fixture's people: made from hashes, in the columns of a published run. The first nine months have no
-- evaluation behind them; half of each region's coefficient stands in two drivers, the rest in the reference.
create schema if not exists difficulty;

create table core.region_tree as select region_id, region_id as ancestor_id, 0 as n_steps from core.region;
create table core.market_line as select region_id, month, '' as product_line, 1e8 as size_amount, 120 as n_leads, 3 as n_competitors, 1.02 as price_index, 40 as n_outlets, 1.5 as travel_hours,
    date '2020-01-01' as opened_on, 'market.xlsx' as source_file, 'Sheet1' as source_sheet, row_number() over (order by month, region_id) + 1 as source_row
from core.region cross join core.month;
create table core.deal_month as select unit_id as rep_id, month, denominator::integer as n_closed from indicators.value where indicator = 'win_rate' and unit_kind = 'rep';
create table core.target_unit as
select unit_kind, unit_id, month, denominator as target_amount, numerator as sales_amount, 'own' as basis from indicators.value where indicator = 'target_attainment';

create table difficulty.setting as
select month, 'data' as mode, null::double as published, 0.0 as published_rate, 'attainment' as channel, 6 as min_months, 10.0 as points_max, 1.25 as d_max from core.month;
create table difficulty.cell as select region_id as cell_id, region_id, '' as product_line, '' as segment from core.region;
create table difficulty.variance as
select month as period, 'separable' as verdict, .91 as shared_rate, .31 as mover_rate, 48 as n_people, 8 as n_cells, 0.0 as mean_z, .12 as total, .05 as tau2_raw,
    .05 as cell_variance, .07 as skill_variance, .065 as skill_variance_movers, false as is_sorting_alarm
from core.month where month >= date '2025-07-01';
create table difficulty.gate as
select period as month, verdict, shared_rate as multi_share, mover_rate as mover_share, .85 as largest_component, 3 as n_components, n_people, n_cells,
    skill_variance, skill_variance_movers, cell_variance, is_sorting_alarm, 9000.0 as phi
from difficulty.variance;
create table difficulty.drift as select period as month, 1.02 as factor, false as is_alarm from difficulty.variance;
create table difficulty.double_count as select period as month, .46 as slope, 48 as n_people, false as is_alarm from difficulty.variance;

create table difficulty.rep_coefficient as
with market as (
    select rep_id, region_id, month, sales_amount::double as sold, target_amount::double as target, exp(.4 * noise(region_id, 'market') - .2 + .02 * noise(rep_id, 'd')) as d
    from core.target_unit join core.rep on rep_id = unit_id
    where unit_kind = 'rep' and month >= date '2025-08-01'
), expected as (
    select *, target / d / sum(target / d) over (partition by month) * sum(sold) over (partition by month) as expected from market
), judged as (
    select *, target / expected * sum(expected) over (partition by month) / sum(target) over (partition by month) as d_data from expected
)
select
    rep_id, month, month - interval 1 month as evaluated, region_id as cell_id, 'segment' as level_used, 5 as n_others, 240 as n_deals_others, 1.0 as exposure,
    sold, expected, target, true as has_target, sum(sold) over (partition by month) / sum(target) over (partition by month) as company_attainment,
    d_data as d, d_data * .94 as d_low, d_data * 1.06 as d_high, pow(d_data, .9) as d_pay, 10 * .9 * ln(d_data) / ln(1.25) as points, .9 as reliability, .001 as log_variance,
    'data' as mode, null::double as published, 0.0 as published_rate, 'attainment' as channel, case when region_id in ('R1', 'R6') then 1.1 else 1.0 end as d_policy, d_data, null::double as d_override, null::varchar as override_id,
    null::varchar as override_reason, null::varchar as override_approver, null::date as override_expires_on, false as needs_approval, 'separable' as verdict, true as is_payable,
    sold / target as attainment, sold / target * d_data as adjusted, sold / target * d_data * .8 as adjusted_low, sold / target * d_data * 1.25 as adjusted_high, sold / target * pow(d_data, .9) as adjusted_pay
from judged;
create table core.target_line as
select unit_kind, unit_id, month, target_amount, 'targets.csv' as source_file, '' as source_sheet, row_number() over (order by month, unit_id) + 1 as source_row from core.target_unit where unit_kind = 'rep';
create table difficulty.posting as select rep_id, month, cell_id, exposure from difficulty.rep_coefficient;
create table difficulty.policy_cell as
select region_id as cell_id, month, 1.1 as coefficient, 'new market' as reason, 'board' as approver, date '2026-10-01' as starts_on, date '2026-12-31' as ends_on, 'v1' as version_id from core.region cross join core.month
where region_id in ('R1', 'R6') and month >= date '2026-10-01';
create schema if not exists pay;
create table pay.coefficient_moved as
select rep_id, month, cell_id, 'override' as source, case cell_id when 'R1' then 'Ann Bao' else 'Bo Chen' end as approver, 'flood of June' as reason, date '2026-12-31' as expires_on,
    null::varchar as published_in, d_data * 1.1 as d, d_data, d_low, d_high, case cell_id when 'R1' then 4.3 else -1.5 end as points_moved, 2.0 as score_moved, case cell_id when 'R1' then 1200 else -350 end::decimal(18, 2) as pay_moved
from difficulty.rep_coefficient where cell_id in ('R1', 'R6') and month >= date '2026-10-01' and rep_id in (select min(rep_id) from core.rep group by region_id);
create table difficulty.policy_comparison as select date '2026-10-01' as month, 48 as n_people, .1 as slope, .22 as rank_correlation, 12 as n_outside, 3.1 as mean_points;
create table difficulty.rep_index as
select rep_id, month, sold as sales, expected, sold / expected as sales_ratio, ln(sold / expected) as r, .02 as v, .8 as reliability,
    pow(sold / expected, .8) as index, pow(sold / expected, .8) * .8 as index_low, pow(sold / expected, .8) * 1.25 as index_high, false as is_thin, 5 as n_others
from difficulty.rep_coefficient where sold > 0;
create table difficulty.observation as select rep_id, cell_id, month, case rep_id when (select min(rep_id) from core.rep) then -120 else sold end::decimal(18, 2) as sold from difficulty.rep_coefficient;
create table difficulty.period_month as select distinct month as period, month, 1.0 as weight from difficulty.rep_coefficient;
create table difficulty.audit as
select rep_id, month, r * .8 + case rep_id when (select min(rep_id) from core.rep) then .5 else 0 end as effect from difficulty.rep_index;
create table difficulty.cell_effect as
select month as period, rep_id, cell_id, sold, expected, 5 as n_others, .01 as effect, .001 as effect_variance, .18 as heaviest_weight_rate from difficulty.rep_coefficient;
create table difficulty.whale as select rep_id, month, sold, sold * .12 as largest_amount, .12 as whale_rate from difficulty.rep_coefficient;
create table difficulty.contribution as
select rep_id, month, item, title_en, title_zh, ln(d_data) * share as amount,
    case when item in ('rivals', 'density', 'cell') then 1 - ln(d_data) * share / .5 when item = 'target' then exp(ln(d_data) * share) * 1e5 end as value,
    case when item in ('rivals', 'density', 'cell') then 1.0 when item = 'target' then 1e5 end as mean_value,
    case when item in ('rivals', 'density', 'cell') then .5 end as weight
from difficulty.rep_coefficient
cross join (values ('rivals', 'Competitors listed', '竞争者数', .4), ('density', 'Outlets per km²', '终端密度', .3), ('cell', '', '', .2), ('target', '', '', .08), ('reference', '', '', .02)) as part (item, title_en, title_zh, share);
create table difficulty.unit_adjusted as
select
    'region' as unit_kind, cell_id as unit_id, month, sum(sold) as sold, sum(expected) as expected, sum(target) as target, sum(sold) / sum(target) as attainment,
    sum(sold) / sum(expected) * any_value(company_attainment) as adjusted, sum(sold) / sum(expected) * any_value(company_attainment) * .9 as adjusted_low, sum(sold) / sum(expected) * any_value(company_attainment) * 1.1 as adjusted_high
from difficulty.rep_coefficient group by cell_id, month;
create table difficulty.shadow_credit as
select rep_id, 'R1' as cell_id, date '2026-09-15' as left_on, date '2026-10-01' as month, 'D1' as deal_id, 'C1' as customer_id, '' as winner_id, date '2026-10-02' as won_on, cast(86400 as decimal(18, 4)) as amount
from core.rep where rep_id like '%T1P1';
