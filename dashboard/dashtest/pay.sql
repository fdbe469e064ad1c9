-- Scores and pay of the fixture's people: made up from a hash, in the shape of a published run. Lines add up to totals,
-- contributions to scores.
create schema scorecard;
create schema if not exists pay;
create schema if not exists difficulty;

create table plan.version as
select 'default' as version_id, 'default' as name, date '1900-01-01' as starts_on, null::date as ends_on, null::varchar as file, 'h' as hash;

create table plan.scorecard as
select 'default' as version_id, 'pay' as scorecard, 'rep' as unit_kind, 'Pay score' as title_en, '薪酬得分' as title_zh, 80.0::double as standard_score, 100.0::double as full_score, 1 as sort
union all select 'default', 'monthly', 'rep', 'Monthly score', '月度绩效', 80, 100, 2;

create table plan.node as
select 'default' as version_id, * from (values
    ('pay', '', null::varchar, 1, 0, 'branch', null::varchar, null::varchar, 1.0, 'Pay score', '薪酬得分'),
    ('pay', 'process', '', 2, 1, 'branch', null, null, .6, 'Process', '业务流程'),
    ('pay', 'process/win_rate', 'process', 3, 2, 'leaf', 'win_rate', null, .5, 'Win rate', '赢单率'),
    ('pay', 'process/new_customers', 'process', 4, 2, 'leaf', 'new_customers', null, .5, 'New customers', '新客户数'),
    ('pay', 'customer_satisfaction', '', 5, 1, 'leaf', 'customer_satisfaction', null, .4, 'Satisfaction', '客户满意度'),
    ('monthly', '', null, 1, 0, 'branch', null, null, 1.0, 'Monthly score', '月度绩效'),
    ('monthly', 'individual', '', 2, 1, 'scorecard', null, 'pay', .6, 'Individual', '个人'),
    ('monthly', 'team', '', 3, 1, 'leaf', 'win_rate', null, .4, 'Team', '团队协作')
) as n (scorecard, node, parent, sort, depth, kind, indicator, of_scorecard, weight, title_en, title_zh);

create table plan.pay as
select 'default' as version_id, 'pay' as score_scorecard, 1.2 as pool_threshold, .01 as pool_rate, 'equal' as pool_sharing;

create table plan.rule as
select 'default' as version_id, 'target_bonus' as rule, 1 as sort, 'target_attainment' as indicator, 'bonus' as effect, 'Target well passed' as title_en, '超额完成奖' as title_zh;

create table scorecard.node_score as
with leaf as (
    select rep.rep_id, month.month, node.*, round(50 + 50 * noise(rep.rep_id || node.node, month.month::varchar), 2) as raw,
        noise(rep.rep_id || node.node, 'gone' || month.month) < .08 and node.node = 'process/win_rate' as gone
    from core.rep cross join core.month cross join plan.node
    where node.kind in ('leaf', 'scorecard')
), used as (
    select leaf.*, case when gone then null else raw end as points,
        case
            when gone then 0
            when node like 'process/%' then .6 * case when max(gone::int) over (partition by rep_id, month, scorecard) = 1 then 1 else .5 end
            else weight
        end as share
    from leaf
), part as (
    select *, round(coalesce(points, 0) * share, 2) as contribution from used
), total as (
    select rep_id, month, scorecard, sum(contribution) as contribution, sum(case when node like 'process/%' then contribution else 0 end) as process
    from part group by rep_id, month, scorecard
)
select 'default' as version_id, scorecard, node, parent, depth, sort, kind, indicator, 'rep' as unit_kind, rep_id as unit_id, month,
    (raw / 100)::decimal(28, 6) as numerator, 1::decimal(28, 6) as denominator, case when gone then null else raw / 100 end as value,
    points::double as points, weight::double as weight, case when gone then 0 else share end::double as weight_used,
    contribution::double as contribution, gone as is_left_out, case when gone then 'no_value' else '' end as reason,
    null::varchar as override_id, null::varchar as override_reason
from part
union all
select 'default', scorecard, '', null, 0, 1, 'branch', null, 'rep', rep_id, month, null, null, null, contribution, 1, 1, contribution, false, '', null, null from total
union all
select 'default', scorecard, 'process', '', 1, 2, 'branch', null, 'rep', rep_id, month, null, null, null, process / .6, .6, .6, process, false, '', null, null
from total where scorecard = 'pay';

create table scorecard.score as
select version_id, scorecard, unit_kind, unit_id, month, contribution::decimal(18, 2) as score, 80::decimal(18, 2) as standard_score, 100::decimal(18, 2) as full_score,
    0 as n_left_out, null::varchar as override_id, null::varchar as override_reason
from scorecard.node_score where node = '';

create table pay.statement as
with base as (
    select rep.rep_id, rep.team_id, month.month, sales.value as sales, score.score, .7 + .3 * noise(rep.rep_id, 'c' || month.month) as collected,
        .05 + .09 * noise(rep.rep_id, 'e' || month.month) as expense_rate, month.n_workdays
    from core.rep cross join core.month
    inner join indicators.value as sales on sales.unit_kind = 'rep' and sales.unit_id = rep.rep_id and sales.month = month.month and sales.indicator = 'sales_amount'
    inner join scorecard.score as score on score.unit_id = rep.rep_id and score.month = month.month and score.scorecard = 'pay'
), priced as (
    select *, round(sales * .02, 2) as commission, expense_rate > .12 as is_void from base
), earned as (
    select *, case when is_void then 0 else round(commission * collected, 2) end as earned, case when is_void then 0 else commission - round(commission * collected, 2) end as accrued from priced
)
select rep_id, month, 'default' as version_id, team_id, sales::decimal(18, 4) as sales_amount, 0::decimal(18, 4) as returned_amount, sales::decimal(18, 4) as base_amount,
    commission::decimal(18, 2) as commission_amount, is_void, collected::double as collection_rate, earned::decimal(18, 2) as earned_amount, accrued::decimal(18, 2) as accrued_amount,
    (sales * expense_rate)::decimal(18, 4) as expense_amount, expense_rate::double as expense_rate, case when is_void then 'void' when expense_rate > .08 then 'inner' else 'saving' end as expense_band,
    score, 80::decimal(18, 2) as standard_score, (score / 80)::double as factor, round(earned * score / 80, 2)::decimal(18, 2) as performance_amount,
    0::decimal(18, 2) as pool_amount, 0::decimal(18, 2) as carried_amount, round(earned * score / 80, 2)::decimal(18, 2) as total_amount,
    accrued::decimal(18, 2) as balance_amount, n_workdays::integer as n_duty_days, n_workdays::integer as n_workdays, false as is_closed
from earned;

create table pay.line as
with s as (select * from pay.statement)
select rep_id, month, 10 as sort, 'commission' as line, commission_amount as amount, false as is_total, base_amount, .02::double as rate, 5.0::double as quantity, 1.0::double as factor, null::varchar as reason from s
union all select rep_id, month, 20, 'void', -commission_amount, false, expense_amount, expense_rate, sales_amount, null, 'expenses above the ceiling' from s where is_void
union all select rep_id, month, 30, 'accrued', -accrued_amount, false, commission_amount, 1 - collection_rate, sales_amount * (1 - collection_rate), null, null from s where not is_void
union all select rep_id, month, 40, 'earned', earned_amount, true, commission_amount, collection_rate, sales_amount * collection_rate, null, null from s
union all select rep_id, month, 70, 'score', performance_amount - earned_amount, false, earned_amount, 80, score, factor, null from s
union all select rep_id, month, 80, 'performance', performance_amount, true, earned_amount, 80, score, factor, null from s
union all select rep_id, month, 201, 'rule/target_bonus', 0, false, null, null, 1.25, 1.2, null from s
union all select rep_id, month, 1000, 'total', total_amount, true, null, null, null, null, null from s;

create table pay.tier_line as
select rep_id, month, 1 as tier, 0::decimal(18, 2) as from_amount, null::decimal(18, 2) as to_amount, base_amount, .02::decimal(8, 6) as rate, 1::decimal(8, 6) as factor, commission_amount as amount from pay.statement;

create table pay.ledger_balance as
select rep_id, month, 0::decimal(18, 2) as opening, accrued_amount as accrued, 0::decimal(18, 2) as released, 0::decimal(18, 2) as clawed_back, accrued_amount as closing from pay.statement;

create table pay.waiting_change as
select s.rep_id, s.rep_id || strftime(s.month, '%Y%m') as order_id, s.month as sale_month, s.month, (s.month + interval 4 day)::date as on_date, (s.month + interval 34 day)::date as due_on,
    min(customer.customer_id) as customer_id, s.accrued_amount as waiting_amount, (s.accrued_amount / .02)::decimal(18, 4) as open_amount
from pay.statement as s inner join core.customer as customer on customer.rep_id = s.rep_id
where s.accrued_amount <> 0 and s.month = date '2026-10-01'
group by s.rep_id, s.month, s.accrued_amount;

create table pay.pool as
select unit_id as team_id, month, 'default' as version_id, numerator::decimal(18, 4) as sales_amount, denominator::decimal(18, 4) as target_amount, value as attainment_rate,
    1.2 as threshold_rate, .01 as rate, 'equal' as sharing, round((numerator - denominator) * .01, 2)::decimal(18, 2) as amount
from indicators.value where unit_kind = 'team' and indicator = 'target_attainment' and value >= 1.2;

create table pay.pool_share as
select pool.team_id, pool.month, rep.rep_id, 'equal' as sharing, 18 as n_duty_days, 80::decimal(18, 2) as score, pool.sales_amount, (1.0 / 3)::double as share_rate, (pool.amount / 3)::decimal(18, 2) as amount
from pay.pool as pool inner join core.rep as rep on rep.team_id = pool.team_id;
