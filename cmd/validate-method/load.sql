-- What a run makes of exports before it evaluates, from a generated company: months count from January 2024.
create table difficulty.observation as
select rep::varchar as rep_id, cell::varchar as cell_id, (date '2024-01-01' + to_months(month))::date as month, fold_of(rep::varchar) as fold,
    1.0::double as exposure, sales as sold, sales, n_deals, 0.0 as largest_amount
from difficulty.sold;
create table difficulty.feature as
select cell::varchar as cell_id, month, x || [sin(2 * pi() * extract(month from month) / 12), cos(2 * pi() * extract(month from month) / 12)] as x
from difficulty.seen cross join (select distinct month from difficulty.observation);
create table difficulty.feature_others (cell_id varchar, month date, fold integer, x double[]);
create table difficulty.period as
select max(month) as period, min(month) as from_month, count(distinct month)::integer as n_months, 12 as half_life_months
from difficulty.observation;
