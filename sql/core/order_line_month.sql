-- One row: one rep, team, region, customer, product and month: order lines summed, returns left out.
-- Formula: plain sums of core.order_line, or of won deals where the plan names them as the sales source.
-- Why: the one heavy sum over all order lines; a month whose exports did not change is not summed again.
with
line as (
    select * from core.order_line
),

deal_line as (
    select * from core.deal_line
),

setting as (
    select * from plan.setting
),

summed as (
    select
        rep_id,
        team_id,
        region_id,
        customer_id,
        product_id,
        month,
        cast(sum(sales_amount) as decimal(18, 2)) as sales_amount,
        cast(sum(cost_amount) as decimal(18, 2)) as cost_amount,
        cast(sum(case when cost_amount is null then 0 else sales_amount end) as decimal(18, 2)) as costed_amount,
        cast(sum(quantity) as decimal(18, 6)) as quantity,
        cast(count(*) as integer) as n_lines,
    from line
    where (select sales_source from setting) <> 'deals'
    group by rep_id, team_id, region_id, customer_id, product_id, month

    union all

    select
        rep_id,
        team_id,
        region_id,
        customer_id,
        product_id,
        month,
        cast(sum(won_amount) as decimal(18, 2)) as sales_amount,
        cast(null as decimal(18, 2)) as cost_amount,
        cast(0 as decimal(18, 2)) as costed_amount,
        cast(null as decimal(18, 6)) as quantity,
        cast(count(*) as integer) as n_lines,
    from deal_line
    where (select sales_source from setting) = 'deals'
    and outcome = 'won'
    group by rep_id, team_id, region_id, customer_id, product_id, month
)

select * from summed
