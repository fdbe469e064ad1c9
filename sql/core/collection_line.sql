-- One row: one order, one return of it, or one receipt for it, in the month the order was sold.
-- Formula: sold = order less returns booked by the as-of date; collected = receipts by the as-of date;
-- due = sold on orders whose due date and days of grace have passed by the as-of date, without a due date all of it.
-- Why: a month's sales are followed until their cash is there.
with
orders as (
    select * from core.order_month
),

return_line as (
    select * from core.return_line
),

payment as (
    select * from core.payment_line
),

month as (
    select * from core.month
),

setting as (
    select * from plan.setting
),

known as (
    select
        orders.order_id as order_id,
        orders.month as month,
        orders.on_date as on_date,
        orders.rep_id as rep_id,
        orders.team_id as team_id,
        orders.region_id as region_id,
        orders.customer_id as customer_id,
        orders.sales_amount as sales_amount,
        month.as_of_on as as_of_on,
        case
            when orders.due_on is null then 1
            when orders.due_on + setting.collection_grace_days <= month.as_of_on then 1
            else 0
        end as is_due,
        orders.source_file as source_file,
        orders.source_sheet as source_sheet,
        orders.source_row as source_row,
    from orders
    inner join month
        on month.month = orders.month
    cross join setting
    where orders.on_date <= month.as_of_on
),

returned as (
    select
        order_id,
        min(month) as month,
    from orders
    where order_id in (select order_id from core.return_line)
    group by order_id
),

lines as (
    select
        order_id,
        month,
        on_date,
        rep_id,
        team_id,
        region_id,
        customer_id,
        sales_amount as sold_amount,
        cast(0 as decimal(18, 4)) as collected_amount,
        is_due,
        'order' as kind,
        source_file,
        source_sheet,
        source_row,
    from known

    union all

    select
        known.order_id,
        known.month,
        return_line.on_date,
        known.rep_id,
        known.team_id,
        known.region_id,
        known.customer_id,
        return_line.sales_amount as sold_amount,
        cast(0 as decimal(18, 4)) as collected_amount,
        known.is_due,
        'return' as kind,
        return_line.source_file,
        return_line.source_sheet,
        return_line.source_row,
    from return_line
    inner join returned
        on returned.order_id = return_line.order_id
    inner join known
        on known.order_id = returned.order_id
        and known.month = returned.month
    where return_line.on_date <= known.as_of_on

    union all

    select
        known.order_id,
        known.month,
        payment.on_date,
        known.rep_id,
        known.team_id,
        known.region_id,
        known.customer_id,
        cast(0 as decimal(18, 4)) as sold_amount,
        payment.paid_amount as collected_amount,
        known.is_due,
        'payment' as kind,
        payment.source_file,
        payment.source_sheet,
        payment.source_row,
    from payment
    inner join known
        on known.order_id = payment.order_id
        and known.month = payment.order_month
    where payment.on_date <= known.as_of_on
    and not payment.is_bad_debt
),

split as (
    select
        lines.*,
        cast(case when is_due = 1 then sold_amount else 0 end as decimal(18, 4)) as due_sold_amount,
        cast(case when is_due = 1 then collected_amount else 0 end as decimal(18, 4)) as due_collected_amount,
    from lines
)

select * from split
