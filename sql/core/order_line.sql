-- One row: one order line, attributed to a rep, team, region, customer and product.
-- Formula: team and region of the rep's stay on the order date; a region given on the line wins, and a line
-- without rep or region takes its customer's. Cost is the line's cost, else sales - profit, else standard cost x quantity.
-- Why: one place decides whose a sale is.
with
line as (
    select * from staging.order_line
),

rep_on as (
    select * from core.rep_on
),

region_identity as (
    select * from core.region_identity
),

customer_identity as (
    select * from core.customer_identity
),

product_identity as (
    select * from core.product_identity
),

attributed as (
    select
        line.order_id as order_id,
        coalesce(line.line_id, '') as line_id,
        line.ordered_on as on_date,
        line.month as month,
        coalesce(rep_on.rep_id, '') as rep_id,
        coalesce(rep_on.team_id, '') as team_id,
        owner_region(region_identity.region_id, rep_on.region_id, customer_identity.region_id) as region_id,
        coalesce(customer_identity.customer_id, '') as customer_id,
        coalesce(product_identity.product_id, '') as product_id,
        line.invoice_id as invoice_id,
        line.due_on as due_on,
        line.quantity as quantity,
        line.unit_price as unit_price,
        line.amount as sales_amount,
        case
            when line.cost_amount is not null then line.cost_amount
            when line.profit_amount is not null then cast(line.amount - line.profit_amount as decimal(18, 4))
            when line.quantity is not null then cast(round(product_identity.standard_cost * line.quantity, 4) as decimal(18, 4))
        end as cost_amount,
        line.rate as rate,
        line.source_file as source_file,
        line.source_sheet as source_sheet,
        line.source_row as source_row,
    from line
    left join rep_on
        on rep_on.value = coalesce(line.rep_id, '')
        and line.ordered_on >= rep_on.from_on
        and line.ordered_on < rep_on.until_on
    left join region_identity
        on region_identity.value = line.region_id
    left join customer_identity
        on customer_identity.value = line.customer_id
    left join product_identity
        on product_identity.value = line.product_id
)

select * from attributed
