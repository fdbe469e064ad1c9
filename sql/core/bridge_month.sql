-- One row: one unit, month and how far back it is compared (1 or 12 months): its sales, split into those to customers who
-- had bought by the month compared with and those who first bought after it.
-- Formula: sums of core.sales_month; a customer is new where core.first_sale is later than month - back.
-- Why: what moved the sales from one month to another is asked of every unit on its page, and the sales of all customers
-- are too many to be read for it each time.
with
sales_month as (
    select * from core.sales_month
),

first_sale as (
    select * from core.first_sale
),

member as (
    select * from core.unit_member
),

bought as (
    select
        sales_month.rep_id as rep_id,
        sales_month.team_id as team_id,
        sales_month.region_id as region_id,
        sales_month.customer_id as customer_id,
        sales_month.month as month,
        min(first_sale.month) as first_month,
        sum(sales_month.sales_amount) as net_amount,
        sum(sales_month.sales_amount + sales_month.returned_amount) as gross_amount,
        sum(sales_month.returned_amount) as returned_amount,
        sum(sales_month.quantity) as quantity,
    from sales_month
    left join first_sale
        on first_sale.customer_id = sales_month.customer_id
    group by sales_month.rep_id, sales_month.team_id, sales_month.region_id, sales_month.customer_id, sales_month.month
),

back as (
    select 1 as n_back
    union all
    select 12 as n_back
),

judged as (
    select
        member.unit_kind as unit_kind,
        member.unit_id as unit_id,
        back.n_back as n_back,
        coalesce(bought.first_month > bought.month - back.n_back * interval '1' month, false) as is_new,
        bought.*,
    from bought
    inner join member
        on member.rep_id = bought.rep_id
        and member.team_id = bought.team_id
        and member.region_id = bought.region_id
    cross join back
),

summed as (
    select
        unit_kind,
        unit_id,
        month,
        n_back,
        cast(sum(net_amount) as decimal(28, 4)) as net_amount,
        cast(sum(gross_amount) as decimal(28, 4)) as gross_amount,
        cast(sum(returned_amount) as decimal(28, 4)) as returned_amount,
        cast(sum(quantity) as decimal(28, 6)) as quantity,
        cast(coalesce(sum(case when not is_new then net_amount end), 0) as decimal(28, 4)) as known_net_amount,
        cast(coalesce(sum(case when not is_new then gross_amount end), 0) as decimal(28, 4)) as known_gross_amount,
        cast(sum(case when not is_new then quantity end) as decimal(28, 6)) as known_quantity,
        cast(coalesce(sum(case when is_new then gross_amount end), 0) as decimal(28, 4)) as new_gross_amount,
        cast(count(distinct case when is_new then customer_id end) as integer) as n_new_customers,
    from judged
    group by unit_kind, unit_id, month, n_back
)

select * from summed
order by month, unit_kind, unit_id, n_back
