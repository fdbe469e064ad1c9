-- One row: one rep, team, region, customer, product and month: its order lines, or the returns booked in it (n_lines = 0).
-- Formula: sales are order lines, returns are negative, won deals where the plan names them as the sales source;
-- profit = costed sales - cost.
-- Why: the fact from which sales, margin, growth and share are summed.
with
sold as (
    select * from core.order_line_month
),

return_line as (
    select * from core.return_line
),

deal_line as (
    select * from core.deal_line
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
        cast(0 as decimal(18, 4)) as returned_amount,
        cost_amount,
        costed_amount,
        quantity,
        n_lines,
        n_banded,
        n_inside,
    from sold
    where (select sales_source from setting) <> 'deals'

    union all

    select
        rep_id,
        team_id,
        region_id,
        customer_id,
        product_id,
        month,
        cast(sum(sales_amount) as decimal(18, 4)) as sales_amount,
        cast(-sum(sales_amount) as decimal(18, 4)) as returned_amount,
        cast(sum(cost_amount) as decimal(18, 4)) as cost_amount,
        cast(sum(case when cost_amount is null then 0 else sales_amount end) as decimal(18, 4)) as costed_amount,
        cast(sum(quantity) as decimal(18, 6)) as quantity,
        0 as n_lines,
        0 as n_banded,
        0 as n_inside,
    from return_line
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
        cast(sum(won_amount) as decimal(18, 4)) as sales_amount,
        cast(0 as decimal(18, 4)) as returned_amount,
        cast(null as decimal(18, 4)) as cost_amount,
        cast(0 as decimal(18, 4)) as costed_amount,
        cast(null as decimal(18, 6)) as quantity,
        cast(count(*) as integer) as n_lines,
        0 as n_banded,
        0 as n_inside,
    from deal_line
    where (select sales_source from setting) = 'deals'
    and outcome = 'won'
    group by rep_id, team_id, region_id, customer_id, product_id, month
),

earned as (
    select
        rep_id,
        team_id,
        region_id,
        customer_id,
        product_id,
        month,
        sales_amount,
        returned_amount,
        cost_amount,
        cast(costed_amount - cost_amount as decimal(18, 4)) as profit_amount,
        costed_amount,
        quantity,
        n_lines,
        n_banded,
        n_inside,
    from parts
)

select * from earned
