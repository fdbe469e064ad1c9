-- A company of 8 regions, 16 teams and 48 reps over 24 months to October 2026. Every number comes from a hash, so the
-- same rows come out each time. Relations and columns are those of a published run.
create schema core;
create schema indicators;
create schema checks;
create schema meta;
create schema plan;

create macro ratio(n, d) as case when d <> 0 then n / d end;
create macro noise(a, b) as (hash(a || '/' || b) % 10000) / 10000.0;

create table core.month as
select
    m::date as month, m::date as starts_on, (m + interval 1 month - interval 1 day)::date as ends_on,
    case month(m) when 10 then 18 when 2 then 16 when 1 then 20 when 5 then 20 else 22 end as n_workdays,
    date '2026-10-31' as as_of_on
from generate_series(date '2024-11-01', date '2026-10-01', interval 1 month) as g (m);
create view core.calendar as select month from core.month;

create table core.region as
select * from (values
    ('R1', '华东', 2.0), ('R2', '华北', 1.4), ('R3', '华南', 1.7), ('R4', '华中', 1.0),
    ('R5', '西南', .85), ('R6', '西北', .6), ('R7', '东北', .45), ('R8', '港澳', .35)
) as r (region_id, region_name, size);

create table core.team as
select region_id || 'T' || i as team_id, region_name || ['一', '二'][i] || '队' as team_name, region_id, size
from core.region, (values (1), (2)) as n (i);

create table core.rep as
select
    team_id || 'P' || i as rep_id,
    ['王', '李', '张', '刘', '陈', '杨', '赵', '黄'][(1 + hash(team_id || i) % 8)::int] || ['敏', '强', '洋', '静', '磊', '娜', '军', '艳'][(1 + hash(i || team_id) % 8)::int] as rep_name,
    team_id, region_id, size
from core.team, (values (1), (2), (3)) as n (i);

create table core.unit as
select 'company' as unit_kind, 'company' as unit_id, 'company' as unit_name, null::varchar as parent_kind, null::varchar as parent_id, null::varchar as region_id, null::varchar as team_id, null::varchar as manager_id
union all select 'region', region_id, region_name, 'company', 'company', region_id, null, null from core.region
union all select 'team', team_id, team_name, 'region', region_id, region_id, team_id, null from core.team
union all select 'rep', rep_id, rep_name, 'team', team_id, region_id, team_id, null from core.rep;

create table core.rep_duty as
select rep_id, team_id, region_id, month, n_workdays as n_duty_days, n_workdays, 1.0 as exposure_rate
from core.rep, core.month;

create table core.product as
select 'P' || i as product_id, '产品' || i as product_name, 80 + 40 * i as price from generate_series(1, 6) as g (i);

-- each rep serves 8 customers from the start and wins one about every second month
create table core.customer as
select rep_id || 'C' || i as customer_id, rep_id, region_id, '客户' || rep_id || '-' || i as customer_name,
    case when i <= 8 then date '2024-11-01' else (date '2024-11-01' + interval (2 * (i - 8)) month)::date end as since
from core.rep, generate_series(1, 20) as g (i)
where i <= 8 or noise(rep_id, 'new' || i) < .8;

create table core.sales_line as
with lines as (
    select
        c.customer_id || '/' || strftime(m.month, '%Y%m') as order_id, p.product_id as line_id,
        m.month + (hash(c.customer_id || m.month || p.product_id) % 27)::int as on_date,
        c.customer_id, p.product_id, r.rep_id, r.team_id, r.region_id, m.month,
        round(p.price * r.size * m.n_workdays * (.6 + noise(c.customer_id || m.month, p.product_id)) * (1 + .006 * datediff('month', date '2024-11-01', m.month))
            * case when month(m.month) in (1, 2) then .85 else 1 end * 3.1, 2) as sales_amount,
        p.price
    from core.customer as c
    inner join core.rep as r using (rep_id)
    inner join core.month as m on m.month >= c.since
    inner join core.product as p on noise(c.customer_id || m.month, p.product_id || 'buys') < .45
)
select
    order_id, line_id, on_date::date as on_date, customer_id, product_id, rep_id, team_id, region_id, month,
    sales_amount::decimal(18, 4) as sales_amount,
    round(sales_amount * (.66 + .05 * noise(order_id, line_id)), 2)::decimal(18, 4) as cost_amount,
    (sales_amount - round(sales_amount * (.66 + .05 * noise(order_id, line_id)), 2))::decimal(18, 4) as profit_amount,
    ceil(sales_amount / price / (.9 + .2 * noise(line_id, order_id)))::decimal(18, 6) as quantity,
    false as is_return, 'exports/finance.csv' as source_file, '' as source_sheet, row_number() over () as source_row
from lines
union all
select
    order_id, line_id || '-R', on_date::date, customer_id, product_id, rep_id, team_id, region_id, month,
    -round(sales_amount * .4, 2)::decimal(18, 4), -round(sales_amount * .28, 2)::decimal(18, 4), -(round(sales_amount * .4, 2) - round(sales_amount * .28, 2))::decimal(18, 4),
    -1::decimal(18, 6), true, 'exports/returns.csv', '', row_number() over ()
from lines where noise(order_id, line_id || 'return') < .03;

create table core.sales_month as
select
    rep_id, team_id, region_id, customer_id, product_id, month, sum(sales_amount)::decimal(18, 4) as sales_amount,
    coalesce(-sum(sales_amount) filter (where is_return), 0)::decimal(18, 4) as returned_amount,
    sum(cost_amount)::decimal(18, 4) as cost_amount, sum(profit_amount)::decimal(18, 4) as profit_amount,
    sum(sales_amount)::decimal(18, 4) as costed_amount, sum(quantity)::decimal(18, 6) as quantity,
    (count(*) filter (where not is_return))::int as n_lines
from core.sales_line
group by all;

create table core.first_sale as
select customer_id, min(month) as month from core.sales_month where n_lines > 0 group by customer_id;

create table rep_month as
select
    r.rep_id, r.team_id, r.region_id, m.month, m.n_workdays,
    coalesce(s.sales, 0) as sales, coalesce(s.profit, 0) as profit, coalesce(s.orders, 0) as orders, coalesce(s.quantity, 0) as quantity,
    round(72000 * r.size * m.n_workdays / 20 * (1 + .008 * datediff('month', date '2024-11-01', m.month)) * .82 * (8.2 + .13 * datediff('month', date '2024-11-01', m.month)), -2) as target,
    coalesce(s.sales, 0) * (.84 + .08 * noise(r.rep_id, m.month || 'cash') - case when r.region_id = 'R7' and m.month = date '2026-10-01' then .16 else 0 end) as paid,
    coalesce(s.sales, 0) * (.072 + .018 * noise(r.region_id, m.month || 'expense') + case when r.region_id = 'R1' and m.month = date '2026-10-01' then .012 else 0 end) as expense,
    5 + (hash(r.rep_id || m.month || 'won') % 6) as won,
    10 + (hash(r.rep_id || m.month || 'lost') % 9) - case when r.region_id = 'R6' and m.month = date '2026-10-01' then 5 else 0 end as lost,
    (select count(*) from core.customer as c where c.rep_id = r.rep_id and c.since = m.month)
        + (hash(r.rep_id || m.month || 'walk-in') % 3) + case when r.region_id = 'R3' and m.month = date '2026-10-01' then 3 else 0 end as new_customers,
    8 + (hash(r.rep_id || m.month || 'n survey') % 8) as surveys,
    60 + (hash(r.rep_id || m.month || 'visits') % 25) as visits,
    2 + (hash(r.rep_id || m.month || 'complaints') % 3) as complaints
from core.rep as r
cross join core.month as m
left join (
    select rep_id, month, sum(sales_amount) as sales, sum(profit_amount) as profit, count(distinct order_id) as orders, sum(quantity) as quantity
    from core.sales_line group by rep_id, month
) as s on s.rep_id = r.rep_id and s.month = m.month;

create table unit_month as
with levels as (
    select 'rep' as unit_kind, rep_id as unit_id, * exclude (rep_id, team_id, region_id) from rep_month
    union all select 'team', team_id, * exclude (rep_id, team_id, region_id) from rep_month
    union all select 'region', region_id, * exclude (rep_id, team_id, region_id) from rep_month
    union all select 'company', 'company', * exclude (rep_id, team_id, region_id) from rep_month
)
select
    unit_kind, unit_id, month, sum(n_workdays) as duty, sum(sales) as sales, sum(profit) as profit, sum(orders) as orders, sum(quantity) as quantity,
    sum(target) as target, sum(paid) as paid, sum(expense) as expense, sum(won) as won, sum(lost) as lost, sum(new_customers) as new_customers,
    sum(surveys) as surveys, sum(surveys * (82 + 6 * noise(unit_id, month || 'score'))) as survey_points, sum(visits) as visits,
    sum(complaints) as complaints, sum(round(complaints * (.8 + .2 * noise(unit_id, month || 'resolved')))) as resolved
from levels group by all;

create table indicators.value as
with parts as (
    select 'sales_amount' as indicator, unit_kind, unit_id, month, sales as numerator, 1 as denominator from unit_month
    union all select 'target_attainment', unit_kind, unit_id, month, sales, target from unit_month
    union all select 'gross_profit', unit_kind, unit_id, month, profit, 1 from unit_month
    union all select 'gross_margin', unit_kind, unit_id, month, profit, sales from unit_month
    union all select 'due_collection_rate', unit_kind, unit_id, month, paid, sales from unit_month
    union all select 'expense_ratio', unit_kind, unit_id, month, expense, sales from unit_month
    union all select 'win_rate', unit_kind, unit_id, month, won, won + lost from unit_month
    union all select 'average_order_value', unit_kind, unit_id, month, sales, orders from unit_month
    union all select 'new_customers', unit_kind, unit_id, month, new_customers, 1 from unit_month
    union all select 'customer_satisfaction', unit_kind, unit_id, month, survey_points, surveys from unit_month
    union all select 'complaint_resolution_rate', unit_kind, unit_id, month, resolved, complaints from unit_month
    union all select 'visits_per_workday', unit_kind, unit_id, month, visits, duty from unit_month
)
select indicator, unit_kind, unit_id, month, numerator::decimal(28, 6) as numerator, denominator::decimal(28, 6) as denominator,
    numerator::double / nullif(denominator::double, 0) as value
from parts order by all;

create table indicators.definition as
select *, '' as description_en, '' as description_zh, 'sum of sales' as formula_en, '销售额之和' as formula_zh,
    'select 1' as sql, 'indicators/' || indicator || '.sql' as path, true as has_rows, false as is_own,
    'core.sales_line' as rows_relation, null::varchar as rows_where, 'sales_amount' as rows_numerator, null::varchar as rows_denominator,
    'sales operations' as owner, '2026-11-01' as reviewed
from (values
    ('sales_amount', 'result', 'money', 'up', 10, 'Sales', '销售额'),
    ('target_attainment', 'result', 'rate', 'up', 20, 'Target attainment', '目标达成率'),
    ('gross_profit', 'result', 'money', 'up', 25, 'Gross profit', '毛利'),
    ('gross_margin', 'result', 'rate', 'up', 30, 'Gross margin', '毛利率'),
    ('due_collection_rate', 'result', 'rate', 'up', 40, 'Collection rate of what is due', '到期回款率'),
    ('expense_ratio', 'result', 'rate', 'down', 50, 'Expense ratio', '费用率'),
    ('win_rate', 'result', 'rate', 'up', 60, 'Win rate', '赢单率'),
    ('average_order_value', 'result', 'money', 'up', 70, 'Average order value', '平均订单金额'),
    ('new_customers', 'customer', 'count', 'up', 80, 'New customers', '新客户数'),
    ('customer_satisfaction', 'customer', 'points', 'up', 90, 'Customer satisfaction', '客户满意度'),
    ('complaint_resolution_rate', 'customer', 'rate', 'up', 100, 'Complaints resolved in 3 days', '投诉3天解决率'),
    ('visits_per_workday', 'activity', 'per_day', 'up', 110, 'Visits per workday', '访问率')
) as d (indicator, class, unit, direction, sort, title_en, title_zh);

create table plan.target as
select * from (values
    ('target_attainment', 1::decimal(18, 6), 'company'), ('gross_margin', .32, 'company'), ('due_collection_rate', .9, 'company'),
    ('expense_ratio', .08, 'company'), ('win_rate', .33, 'company'), ('new_customers', 60, 'company'), ('customer_satisfaction', 85, 'company'),
    ('target_attainment', 1, 'region'), ('gross_margin', .32, 'region'), ('due_collection_rate', .9, 'region'), ('expense_ratio', .08, 'region'),
    ('win_rate', .33, 'region'), ('customer_satisfaction', 85, 'region')
) as t (indicator, amount, unit_kind);

create table plan.setting as
select 'CNY' as base_currency, 'finance' as sales_source, date '2026-10-31' as as_of_on;

create table meta.run as
select
    'r-20261104-f1c7' as run_id, timestamp '2026-11-04 09:12:00' as created_at, date '2026-10-31' as as_of_on,
    date '2024-11-01' as first_month, date '2026-10-01' as last_month, '禾川食品' as company, 'CNY' as currency, 'zh-CN' as lang,
    'finance' as sales_source, 'v0' as code_version, 'f1c7' as input_hash, 'published' as state;

create table meta.load as
select * from (values
    (1, 'exports/finance-orders.csv', 'a1', 'finance-orders', timestamp '2026-11-04 09:01:00', null::varchar),
    (2, 'exports/crm.csv', 'b2', 'crm', timestamp '2026-11-03 22:40:00', 'lake/refused/2-crm.csv'),
    (3, 'exports/targets.xlsx', 'c3', 'targets', timestamp '2026-11-01 08:30:00', null)
) as l (batch, file, sha256, mapping, loaded_at, refused_path);

create table meta.load_table as
select * from (values
    (1, 'exports/finance-orders.csv', '', 'order_line', 12004, 12004, 0, 0, 1, '{"total":1}', '["encoding gb18030"]'),
    (1, 'exports/finance-orders.csv', '', 'return', 412, 412, 0, 0, 0, '{}', '[]'),
    (1, 'exports/finance-orders.csv', '', 'payment', 8120, 8120, 0, 0, 0, '{}', '[]'),
    (2, 'exports/crm.csv', '', 'deal', 9100, 9063, 37, 12, 0, '{}', '["dates are day first"]'),
    (2, 'exports/crm.csv', '', 'visit', 78000, 78000, 0, 0, 0, '{}', '[]'),
    (3, 'exports/targets.xlsx', '目标', 'target', 1152, 1152, 0, 0, 1, '{"total":1}', '[]')
) as t (batch, file, sheet, entity, n_read, n_loaded, n_refused, n_replaced, n_left_out, left_out_json, notes_json);

create table meta.lake_file as
select 'order_line' as entity, '2026-10' as month, 'order_line/2026-10/1-0.parquet' as path, 12004 as n_rows, 'a1' as sha256, 1 as batch, false as is_schema;

create table meta.model as
select 'indicators.' || indicator as relation, path, title_en, title_zh, 'table' as materialize, .01::double as seconds, 100 as n_rows, sql from indicators.definition;

create table checks.result as
select * from (values
    ('checks.crm_finance', 'checks.crm_finance', 'warn', 'pass', 0, 'CRM orders and finance revenue agree', '客户系统订单与财务收入相符', '[]'),
    ('checks.cash', 'checks.cash', 'warn', 'pass', 0, 'Cash and receivables agree', '现金与应收相符', '[]'),
    ('core.rep.unmatched', 'core.rep', 'warn', 'fail', 3, 'People without a match', '对不上的人员', '[{"value":"张三(华东)"}]'),
    ('core.sales_line.key', 'core.sales_line', 'stop', 'pass', 0, 'Order lines are unique', '订单行不重复', '[]')
) as c (check_id, relation, severity, status, n_failures, title_en, title_zh, sample_json);

create table core.unmatched as
select entity, field, names, value, n_rows, amount, resolved_to::varchar as resolved_to, how
from (values
    ('order_line', 'rep_id', 'rep', '张三(华东)', 12, 34000.00, null, 'unmatched'),
    ('deal', 'product_id', 'product', 'GTXPro', 7, 12000.00, 'GTX Pro', 'spelling')
) as u (entity, field, names, value, n_rows, amount, resolved_to, how);

create table core.reconciliation as
select
    month, region_id,
    sum(sales_amount) * (case when region_id = (select min(region_id) from core.region) then 1.03 else 1.002 end) as crm_amount,
    sum(sales_amount) as finance_amount,
    sum(sales_amount) * .9 as cash_amount,
    .01 as tolerance_rate,
    region_id <> (select min(region_id) from core.region) as is_crm_agreed,
    true as is_cash_agreed,
from core.sales_line
group by month, region_id;

drop table rep_month;
drop table unit_month;
