-- One row: one market size, or one sales line of a product line in a region and month that has a market size.
-- Formula: as core.market_share_line, row by row.
-- Why: the exported rows behind market share.
with
share as (
    select * from core.market_share_line
),

market as (
    select * from core.market_line
    where size_amount is not null
),

sales as (
    select * from core.sales_line
),

product as (
    select * from core.product
),

holder as (
    select
        month,
        region_id,
        max(rep_id) as rep_id,
        max(team_id) as team_id,
    from share
    group by month, region_id
),

lines as (
    select
        share.month as month,
        share.rep_id as rep_id,
        share.team_id as team_id,
        share.region_id as region_id,
        '' as order_id,
        cast(0 as decimal(18, 4)) as sales_amount,
        share.size_amount as size_amount,
        share.source_file as source_file,
        share.source_sheet as source_sheet,
        share.source_row as source_row,
    from share
    where share.size_amount <> 0

    union all

    select
        sales.month as month,
        holder.rep_id as rep_id,
        holder.team_id as team_id,
        sales.region_id as region_id,
        sales.order_id as order_id,
        sales.sales_amount as sales_amount,
        cast(0 as decimal(18, 4)) as size_amount,
        sales.source_file as source_file,
        sales.source_sheet as source_sheet,
        sales.source_row as source_row,
    from sales
    inner join holder
        on holder.month = sales.month
        and holder.region_id = sales.region_id
    left join product
        on product.product_id = sales.product_id
    left join market as of_line
        on of_line.region_id = sales.region_id
        and of_line.month = sales.month
        and of_line.product_line = product.line
        and of_line.product_line <> ''
    left join market as of_all
        on of_all.region_id = sales.region_id
        and of_all.month = sales.month
        and of_all.product_line = ''
    where of_line.region_id is not null
    or of_all.region_id is not null
)

select * from lines
