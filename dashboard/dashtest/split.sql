-- Promotion money and people of the fixture's regions, and how sales answer: made up from the region's number.
create schema if not exists allocation;

create table plan.allocation as
select 'default' as version_id, .34 as prior_elasticity, .1 as prior_sd, .2 as change_limit_rate, .9 as probability,
    0::decimal(18, 2) as switching_cost_amount, 12000::decimal(18, 2) as person_cost_amount, 12 as window_months;

create table plan.allocation_bound (version_id varchar, resource varchar, region varchar, low double, high double, together varchar);
create table plan.allocation_answer (version_id varchar, resource varchar, region varchar, without double, more double, unlimited double);

create table allocation.region_month as
select
    u.unit_id as region_id, u.unit_name as region_name, m.month,
    (3000000 + 400000 * dense_rank() over (order by u.unit_id))::decimal(18, 4) as sales_amount,
    (900000 + 90000 * dense_rank() over (order by u.unit_id))::decimal(18, 4) as profit_amount,
    (3000000 + 400000 * dense_rank() over (order by u.unit_id))::decimal(18, 4) as costed_amount,
    (200000 - 12000 * dense_rank() over (order by u.unit_id))::decimal(18, 4) as promotion_amount,
    12.0::double as n_people,
from core.unit as u
cross join core.month as m
where u.unit_kind = 'region';

create table allocation.response as
select
    r.resource, u.unit_id as region_id, 24 as n_months, .3::double as own_elasticity, .12::double as own_se,
    (.25 + .03 * dense_rank() over (order by u.unit_id))::double as elasticity, .15::double as elasticity_low, .55::double as elasticity_high,
    .09::double as se, .03::double as shared_se, .2::double as resource_sd, .15::double as leverage,
    case r.resource when 'promotion' then 100000 else 10 end::double as low_seen, case r.resource when 'promotion' then 260000 else 14 end::double as high_seen,
    .03::double as level_se, r.resource = 'headcount' as is_prior_only, false as is_conflict, .4::double as conflict_z, .33::double as pooled_elasticity,
    .335::double as mean_elasticity, .08::double as tau, .41::double as chase_p, .05::double as carry, .07::double as carry_se, .1::double as residual,
from core.unit as u
cross join (values ('promotion'), ('headcount')) as r (resource)
where u.unit_kind = 'region';
