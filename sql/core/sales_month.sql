-- One row: one rep, team, region, customer, product and month.
-- Formula: order lines less the returns booked in the month; profit = costed sales - cost.
-- Why: the fact from which sales, margin, growth and share are summed.
with
sold as (
    select * from core.order_line_month
),

return_line as (
    select * from core.return_line
),

setting as (
    select * from plan.setting
),

parts as (
    select
        rep_id,
        team_id,
        region_id,
        customer_id,
        product_id,
        month,
        sales_amount,
        cast(0 as decimal(18, 2)) as returned_amount,
        cost_amount,
        costed_amount,
        quantity,
        n_lines,
    from sold

    union all

    select
        rep_id,
        team_id,
        region_id,
        customer_id,
        product_id,
        month,
        sales_amount,
        cast(-sales_amount as decimal(18, 2)) as returned_amount,
        cost_amount,
        cast(case when cost_amount is null then 0 else sales_amount end as decimal(18, 2)) as costed_amount,
        quantity,
        0 as n_lines,
    from return_line
    where (select sales_source from setting) <> 'deals'
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
        cast(sum(returned_amount) as decimal(18, 2)) as returned_amount,
        cast(sum(cost_amount) as decimal(18, 2)) as cost_amount,
        cast(sum(case when cost_amount is null then null else costed_amount - cost_amount end) as decimal(18, 2)) as profit_amount,
        cast(sum(costed_amount) as decimal(18, 2)) as costed_amount,
        cast(sum(quantity) as decimal(18, 6)) as quantity,
        cast(sum(n_lines) as integer) as n_lines,
    from parts
    group by rep_id, team_id, region_id, customer_id, product_id, month
)

select * from summed
