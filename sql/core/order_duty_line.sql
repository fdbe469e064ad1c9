-- One row: one order, or one stay on duty of the months with sales.
-- Why: the exported rows behind orders per workday.
with
lines as (
    select
        month,
        rep_id,
        team_id,
        region_id,
        order_id as id,
        n_orders as n_orders,
        cast(0 as integer) as n_duty_days,
        source_file,
        source_sheet,
        source_row,
    from core.order_month

    union all

    select
        month,
        rep_id,
        team_id,
        region_id,
        rep_id as id,
        cast(0 as integer) as n_orders,
        n_duty_days as n_duty_days,
        source_file,
        source_sheet,
        source_row,
    from core.rep_duty
    where month in (select month from core.coverage where subject = 'sale')
)

select * from lines
