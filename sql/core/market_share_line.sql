-- One row: one market size, or one rep's sales of a product line in a region and month that has a market size.
-- Formula: sales count in the region's market of their product line, else in its market of all lines; a rep holds the
-- market of his region only where he was alone on duty there all month.
-- Why: share compares like with like; sales where nobody knows the market are left out of both sides.
with
market as (
    select * from core.market_line
    where size_amount is not null
),

duty as (
    select * from core.duty_month
),

sales as (
    select * from core.sales_month
),

product as (
    select * from core.product
),

alone as (
    select
        region_id,
        month,
        min(rep_id) as rep_id,
        min(team_id) as team_id,
    from duty
    where n_duty_days > 0
    group by region_id, month
    having count(*) = 1
),

lined as (
    select
        sales.month as month,
        sales.rep_id as rep_id,
        sales.team_id as team_id,
        sales.region_id as region_id,
        coalesce(product.line, '') as product_line,
        sum(sales.sales_amount) as sales_amount,
    from sales
    left join product
        on product.product_id = sales.product_id
    group by sales.month, sales.rep_id, sales.team_id, sales.region_id, coalesce(product.line, '')
),

lines as (
    select
        market.month as month,
        coalesce(alone.rep_id, '') as rep_id,
        coalesce(alone.team_id, '') as team_id,
        market.region_id as region_id,
        cast(0 as decimal(18, 4)) as sales_amount,
        market.size_amount as size_amount,
        market.source_file as source_file,
        market.source_sheet as source_sheet,
        market.source_row as source_row,
    from market
    left join alone
        on alone.region_id = market.region_id
        and alone.month = market.month

    union all

    select
        lined.month as month,
        coalesce(alone.rep_id, '') as rep_id,
        coalesce(alone.team_id, '') as team_id,
        lined.region_id as region_id,
        cast(lined.sales_amount as decimal(18, 4)) as sales_amount,
        cast(0 as decimal(18, 4)) as size_amount,
        cast(null as varchar) as source_file,
        cast(null as varchar) as source_sheet,
        cast(null as bigint) as source_row,
    from lined
    left join market as of_line
        on of_line.region_id = lined.region_id
        and of_line.month = lined.month
        and of_line.product_line = lined.product_line
        and of_line.product_line <> ''
    left join market as of_all
        on of_all.region_id = lined.region_id
        and of_all.month = lined.month
        and of_all.product_line = ''
    left join alone
        on alone.region_id = lined.region_id
        and alone.month = lined.month
    where of_line.region_id is not null
    or of_all.region_id is not null
)

select * from lines
