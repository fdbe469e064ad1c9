-- One row: one order line, or one return with negative amounts; won deals where the plan names them as the sales source.
-- Formula: sales - cost = profit, where the cost is known; costed_amount is the sales of the lines with a known cost.
-- Why: every sales figure of the product sums these rows and no others.
with
setting as (
    select * from plan.setting
),

order_line as (
    select * from core.order_line
),

return_line as (
    select * from core.return_line
),

deal_line as (
    select * from core.deal_line
),

lines as (
    select
        order_line.order_id as order_id,
        order_line.line_id as line_id,
        order_line.on_date as on_date,
        order_line.month as month,
        order_line.rep_id as rep_id,
        order_line.team_id as team_id,
        order_line.region_id as region_id,
        order_line.customer_id as customer_id,
        order_line.product_id as product_id,
        order_line.invoice_id as invoice_id,
        order_line.due_on as due_on,
        order_line.sales_amount as sales_amount,
        order_line.cost_amount as cost_amount,
        order_line.quantity as quantity,
        false as is_return,
        order_line.source_file as source_file,
        order_line.source_sheet as source_sheet,
        order_line.source_row as source_row,
    from order_line
    where (select sales_source from setting) <> 'deals'

    union all

    select
        return_line.order_id as order_id,
        return_line.line_id as line_id,
        return_line.on_date as on_date,
        return_line.month as month,
        return_line.rep_id as rep_id,
        return_line.team_id as team_id,
        return_line.region_id as region_id,
        return_line.customer_id as customer_id,
        return_line.product_id as product_id,
        cast(null as varchar) as invoice_id,
        cast(null as date) as due_on,
        return_line.sales_amount as sales_amount,
        return_line.cost_amount as cost_amount,
        return_line.quantity as quantity,
        true as is_return,
        return_line.source_file as source_file,
        return_line.source_sheet as source_sheet,
        return_line.source_row as source_row,
    from return_line
    where (select sales_source from setting) <> 'deals'

    union all

    select
        deal_line.deal_id as order_id,
        '' as line_id,
        deal_line.closed_on as on_date,
        deal_line.month as month,
        deal_line.rep_id as rep_id,
        deal_line.team_id as team_id,
        deal_line.region_id as region_id,
        deal_line.customer_id as customer_id,
        deal_line.product_id as product_id,
        cast(null as varchar) as invoice_id,
        cast(null as date) as due_on,
        deal_line.won_amount as sales_amount,
        cast(null as decimal(18, 4)) as cost_amount,
        cast(null as decimal(18, 6)) as quantity,
        false as is_return,
        deal_line.source_file as source_file,
        deal_line.source_sheet as source_sheet,
        deal_line.source_row as source_row,
    from deal_line
    where (select sales_source from setting) = 'deals'
    and deal_line.outcome = 'won'
),

counted as (
    select
        order_id,
        line_id,
        on_date,
        month,
        rep_id,
        team_id,
        region_id,
        customer_id,
        product_id,
        invoice_id,
        due_on,
        sales_amount,
        cost_amount,
        cast(sales_amount - cost_amount as decimal(18, 4)) as profit_amount,
        cast(case when cost_amount is null then 0 else sales_amount end as decimal(18, 4)) as costed_amount,
        quantity,
        is_return,
        source_file,
        source_sheet,
        source_row,
    from lines
)

select * from counted
