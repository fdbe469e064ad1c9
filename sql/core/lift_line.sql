-- One row: one order of an outlet during its promotion, or in the equally long time right before it.
-- Formula: lift = sales during - sales before; the same rep, outlet and span counts once, in the month the promotion ends.
-- Why: what a promotion brought is what the same outlets sold more than just before.
with
task as (
    select * from core.task_line
    where from_on is not null
    and to_on >= from_on
    and customer_id <> ''
),

orders as (
    select * from core.order_month
    where customer_id in (select customer_id from core.task_line)
),

month as (
    select * from core.month
),

promotion as (
    select
        rep_id,
        team_id,
        region_id,
        customer_id,
        from_on,
        to_on,
        month_of(to_on) as month,
        cast(from_on - (to_on - from_on + 1) * interval '1' day as date) as before_on,
    from task
    group by rep_id, team_id, region_id, customer_id, from_on, to_on
),

around as (
    select
        promotion.customer_id as customer_id,
        orders.order_id as order_id,
        orders.on_date as on_date,
        promotion.month as month,
        promotion.rep_id as rep_id,
        promotion.team_id as team_id,
        promotion.region_id as region_id,
        cast(case when orders.on_date >= promotion.from_on then orders.sales_amount else -orders.sales_amount end as decimal(18, 4)) as lift_amount,
        cast(case when orders.on_date >= promotion.from_on then 0 else orders.sales_amount end as decimal(18, 4)) as baseline_amount,
        orders.source_file as source_file,
        orders.source_sheet as source_sheet,
        orders.source_row as source_row,
    from promotion
    inner join month
        on month.month = promotion.month
        and month.as_of_on >= promotion.to_on
    inner join orders
        on orders.customer_id = promotion.customer_id
        and orders.on_date >= promotion.before_on
        and orders.on_date <= promotion.to_on
)

select * from around
