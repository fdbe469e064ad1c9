-- One row: one salesperson, market cell and month: time there and sales there.
-- Formula: sold = sales net of returns; sales = sold less what single orders lie above the cap; n_deals = deals won or lost,
-- where the CRM has any in the month, else orders. Sales in a region without a posting count in the month's longest posting.
-- Why: all that the method may know of what people did; it enters the judgement of others, and their own result.
with
posting as (
    select * from difficulty.posting
),

sales as (
    select * from core.sales_total
),

deal as (
    select * from core.deal_month
),

extreme as (
    select * from difficulty.large_order
),

fact as (
    select rep_id, month, region_id, sales_amount as sold, 0 as excess, 0 as largest_amount, n_orders, 0 as n_closed from sales
    union all
    select rep_id, month, region_id, 0 as sold, excess_amount as excess, largest_amount, 0 as n_orders, 0 as n_closed from extreme
    union all
    select rep_id, month, region_id, 0 as sold, 0 as excess, 0 as largest_amount, 0 as n_orders, n_closed from deal
),

placed as (
    select
        fact.rep_id as rep_id,
        fact.month as month,
        coalesce(here.cell_id, main.cell_id) as cell_id,
        fact.sold as sold,
        fact.excess as excess,
        fact.largest_amount as largest_amount,
        fact.n_orders as n_orders,
        fact.n_closed as n_closed,
    from fact
    left join posting as here
        on here.rep_id = fact.rep_id
        and here.month = fact.month
        and here.region_id = fact.region_id
    join posting as main
        on main.rep_id = fact.rep_id
        and main.month = fact.month
        and main.is_main
),

summed as (
    select
        rep_id,
        month,
        cell_id,
        sum(sold) as sold,
        sum(excess) as excess,
        max(largest_amount) as largest_amount,
        sum(n_orders) as n_orders,
        sum(n_closed) as n_closed,
    from placed
    group by rep_id, month, cell_id
),

crm as (
    select
        month,
        sum(n_closed) > 0 as is_kept,
    from deal
    group by month
),

observation as (
    select
        posting.rep_id as rep_id,
        posting.cell_id as cell_id,
        posting.month as month,
        fold_of(posting.rep_id) as fold,
        posting.exposure as exposure,
        cast(coalesce(summed.sold, 0) as decimal(18, 4)) as sold,
        cast(coalesce(summed.sold - summed.excess, 0) as decimal(18, 4)) as sales,
        cast(coalesce(case when coalesce(crm.is_kept, false) then summed.n_closed else summed.n_orders end, 0) as integer) as n_deals,
        cast(coalesce(summed.largest_amount, 0) as decimal(18, 4)) as largest_amount,
    from posting
    left join summed using (rep_id, month, cell_id)
    left join crm on crm.month = posting.month
)

select * from observation
