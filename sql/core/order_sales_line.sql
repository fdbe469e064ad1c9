-- One row: one sales line with its amount and pieces, or one order that counts 1.
-- Why: the exported rows behind the averages of an order.
with
lines as (
    select
        month,
        rep_id,
        team_id,
        region_id,
        order_id as id,
        sales_amount as sales_amount,
        quantity as quantity,
        cast(0 as integer) as n_orders,
        source_file,
        source_sheet,
        source_row,
    from core.sales_line

    union all

    select
        month,
        rep_id,
        team_id,
        region_id,
        order_id as id,
        cast(0 as decimal(18, 4)) as sales_amount,
        cast(0 as decimal(18, 6)) as quantity,
        n_orders as n_orders,
        source_file,
        source_sheet,
        source_row,
    from core.order_month
)

select * from lines
