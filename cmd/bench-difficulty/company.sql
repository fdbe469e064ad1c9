-- A company for the benchmark, from hashes, so that two of one size are equal. Variables: n_reps, n_months; 20 people a cell, of
-- whom every fifth moves on half way. Rows lie in the order in which a run writes them.
create schema difficulty;
create table difficulty.observation as
with
person as (
    select i, ((hash(i, 1) % 1000) / 1000.0 - .5) * .9 as skill, ((hash(i, 2) % 1000) / 1000.0 - .5) * .2 as luck from range(getvariable('n_reps')) as t(i)
),
worked as (
    select
        person.i as i,
        m as month_number,
        person.skill as skill,
        case when person.i % 5 = 0 and m >= getvariable('n_months') // 2 then (person.i // 20 + 1) % (getvariable('n_reps') // 20) else person.i // 20 end as cell
    from person cross join range(getvariable('n_months')) as t(m)
)
select
    'P' || lpad(i::varchar, 6, '0') as rep_id,
    'R' || lpad(cell::varchar, 5, '0') as cell_id,
    (date '2021-01-01' + to_months(month_number::integer))::date as month,
    fold_of('P' || lpad(i::varchar, 6, '0')) as fold,
    1::decimal(9, 6) as exposure,
    (100000 * exp(skill + ((hash(cell, 3) % 1000) / 1000.0 - .5) * 1.5 + ((hash(i, month_number, 4) % 1000) / 1000.0 - .5) * .8))::decimal(18, 4) as sold,
    (100000 * exp(skill + ((hash(cell, 3) % 1000) / 1000.0 - .5) * 1.5 + ((hash(i, month_number, 4) % 1000) / 1000.0 - .5) * .8))::decimal(18, 4) as sales,
    8 as n_deals,
    0::decimal(18, 4) as largest_amount
from worked
order by rep_id, cell_id, month;
create table difficulty.feature as
select
    'R' || lpad(cell::varchar, 5, '0') as cell_id,
    (date '2021-01-01' + to_months(m::integer))::date as month,
    [
        (hash(cell, 3) % 1000) / 1000.0 + (hash(cell, 5) % 1000) / 5000.0,
        (hash(cell, 6) % 1000) / 1000.0,
        (hash(cell, 7) % 1000) / 1000.0,
        (hash(cell, 8) % 1000) / 1000.0,
        sin(2 * pi() * m / 12),
        cos(2 * pi() * m / 12)
    ]::double[] as x
from range(getvariable('n_reps') // 20) as c(cell) cross join range(getvariable('n_months')) as t(m)
order by cell_id, month;
create table difficulty.feature_others (cell_id varchar, month date, fold integer, x double[]);
create table difficulty.period as
select max(month) as period, min(month) as from_month, getvariable('n_months')::integer as n_months, 12 as half_life_months
from difficulty.observation;
