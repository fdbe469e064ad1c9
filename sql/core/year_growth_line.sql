-- One row: one row of core.sales_line as it counts for growth in a month: as sales of the month, or as sales of the same month last year.
-- Formula: growth = sales of the month less sales of the same month last year; base = sales of the same month last year.
-- Why: the exported rows behind a growth rate lie in two months.
with
line as (
    select * from core.sales_line
),

lines as (
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
        sales_amount as growth_amount,
        cast(0 as decimal(18, 4)) as base_amount,
        source_file,
        source_sheet,
        source_row,
    from line

    union all

    select
        order_id,
        line_id,
        on_date,
        cast(month + interval '12' month as date) as month,
        rep_id,
        team_id,
        region_id,
        customer_id,
        product_id,
        cast(-sales_amount as decimal(18, 4)) as growth_amount,
        sales_amount as base_amount,
        source_file,
        source_sheet,
        source_row,
    from line
)

select * from lines
