-- One row: one order, one return of it, or one receipt for it, in the month the order was sold.
-- Formula: sold = order less returns booked by the month's as-of date; collected = receipts by then.
-- Why: what a month sold, and what of it is cash.
with
line as (
    select * from core.order_cash_line
),

month as (
    select * from core.month
),

counted as (
    select
        line.order_id as order_id,
        line.sale_month as month,
        line.on_date as on_date,
        line.rep_id as rep_id,
        line.team_id as team_id,
        line.region_id as region_id,
        line.customer_id as customer_id,
        line.sold_amount as sold_amount,
        line.collected_amount as collected_amount,
        line.kind as kind,
        line.source_file as source_file,
        line.source_sheet as source_sheet,
        line.source_row as source_row,
    from line
    inner join month
        on month.month = line.sale_month
    where line.on_date <= month.as_of_on
    and line.sold_on <= month.as_of_on
)

select * from counted
