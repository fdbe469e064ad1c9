-- What targets are shared by: stays, last year's sales by person, and what is expected.
create table if not exists core.assignment as
select rep_id, team_id, region_id, date '2024-01-01' as from_on, date '9999-12-31' as until_on from core.rep;

create table if not exists core.sales_total as
select rep_id, team_id, region_id, month, sum(sales_amount)::decimal(18, 4) as sales_amount
from core.sales_month
group by rep_id, team_id, region_id, month;
