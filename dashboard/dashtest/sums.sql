-- What a calculation sums up so that pages are quick: core.unit_people and core.bridge_month.
create table core.unit_people as
select 'rep' as unit_kind, rep_id as unit_id, month, count(distinct rep_id)::int as n_people from core.rep_duty group by all
union all select 'team', team_id, month, count(distinct rep_id)::int from core.rep_duty group by all
union all select 'region', region_id, month, count(distinct rep_id)::int from core.rep_duty group by all
union all select 'company', 'company', month, count(distinct rep_id)::int from core.rep_duty group by all;

create table core.bridge_month as
with judged as (
    select u.unit_kind, u.unit_id, m.*, b.n_back, coalesce(f.month > m.month - b.n_back * interval 1 month, false) as is_new
    from core.sales_month as m
    left join core.first_sale as f using (customer_id)
    cross join (values (1), (12)) as b (n_back)
    inner join core.unit as u on
        u.unit_kind = 'company'
        or (u.unit_kind = 'region' and u.unit_id = m.region_id)
        or (u.unit_kind = 'team' and u.unit_id = m.team_id)
        or (u.unit_kind = 'rep' and u.unit_id = m.rep_id)
)
select
    unit_kind, unit_id, month, n_back,
    sum(sales_amount)::decimal(28, 4) as net_amount, sum(sales_amount + returned_amount)::decimal(28, 4) as gross_amount,
    sum(returned_amount)::decimal(28, 4) as returned_amount, sum(quantity)::decimal(28, 6) as quantity,
    coalesce(sum(sales_amount) filter (where not is_new), 0)::decimal(28, 4) as known_net_amount,
    coalesce(sum(sales_amount + returned_amount) filter (where not is_new), 0)::decimal(28, 4) as known_gross_amount,
    (sum(quantity) filter (where not is_new))::decimal(28, 6) as known_quantity,
    coalesce(sum(sales_amount + returned_amount) filter (where is_new), 0)::decimal(28, 4) as new_gross_amount,
    (count(distinct customer_id) filter (where is_new))::int as n_new_customers
from judged
group by all;
