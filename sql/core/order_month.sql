-- One row: one order in one month; a won deal where the plan names won deals as the sales source.
-- Formula: core.booked_order, or the won deals of core.deal_line.
-- Why: orders, cash and first purchases are counted once, so that teams add up to the company.
with
setting as (
    select * from plan.setting
),

booked as (
    select * from core.booked_order
),

deal_line as (
    select * from core.deal_line
),

orders as (
    select
        order_id,
        month,
        on_date,
        rep_id,
        team_id,
        region_id,
        customer_id,
        invoice_id,
        due_on,
        sales_amount,
        quantity,
        n_lines,
        n_orders,
        is_shared,
        source_file,
        source_sheet,
        source_row,
    from booked
    where (select sales_source from setting) <> 'deals'

    union all

    select
        deal_id as order_id,
        month,
        closed_on as on_date,
        rep_id,
        team_id,
        region_id,
        customer_id,
        cast(null as varchar) as invoice_id,
        cast(null as date) as due_on,
        won_amount as sales_amount,
        cast(null as decimal(18, 6)) as quantity,
        1 as n_lines,
        1 as n_orders,
        false as is_shared,
        source_file,
        source_sheet,
        source_row,
    from deal_line
    where (select sales_source from setting) = 'deals'
    and outcome = 'won'
)

select * from orders
