-- One row: one order, one return of it, or one receipt for it, with the months in which the order was sold and falls due.
-- Formula: an order falls due on its due date and plan.setting.collection_grace_days after; without a due date on the day of sale.
-- Bad debts bring no cash. Returns and receipts follow the first month of an order with lines in several.
-- Why: a sale is followed until its cash is there.
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

setting as (
    select * from plan.setting
),

known as (
    select
        orders.order_id as order_id,
        orders.month as sale_month,
        month_of(coalesce(orders.due_on + setting.collection_grace_days, orders.on_date)) as due_month,
        coalesce(orders.due_on + setting.collection_grace_days, orders.on_date) as due_on,
        orders.on_date as on_date,
        orders.rep_id as rep_id,
        orders.team_id as team_id,
        orders.region_id as region_id,
        orders.customer_id as customer_id,
        orders.sales_amount as sales_amount,
        orders.source_file as source_file,
        orders.source_sheet as source_sheet,
        orders.source_row as source_row,
    from orders
    cross join setting
),

deal as (
    select
        deal_id as order_id,
        min(month) as month,
    from core.deal_line
    where outcome = 'won'
    and (select sales_source from setting) = 'deals'
    group by deal_id
),

returned as (
    select
        return_line.*,
        case when setting.sales_source = 'deals' then deal.month else return_line.sale_month end as order_month,
    from return_line
    cross join setting
    left join deal
        on deal.order_id = return_line.order_id
),

lines as (
    select
        order_id,
        sale_month,
        due_month,
        due_on,
        on_date as sold_on,
        on_date,
        rep_id,
        team_id,
        region_id,
        customer_id,
        sales_amount as sold_amount,
        cast(0 as decimal(18, 4)) as collected_amount,
        'order' as kind,
        source_file,
        source_sheet,
        source_row,
    from known

    union all

    select
        known.order_id,
        known.sale_month,
        known.due_month,
        known.due_on,
        known.on_date as sold_on,
        returned.on_date,
        known.rep_id,
        known.team_id,
        known.region_id,
        known.customer_id,
        returned.sales_amount as sold_amount,
        cast(0 as decimal(18, 4)) as collected_amount,
        'return' as kind,
        returned.source_file,
        returned.source_sheet,
        returned.source_row,
    from returned
    inner join known
        on known.order_id = returned.order_id
        and known.sale_month = returned.order_month

    union all

    select
        payment.order_id,
        payment.order_month as sale_month,
        month_of(coalesce(payment.due_on + setting.collection_grace_days, payment.sold_on)) as due_month,
        coalesce(payment.due_on + setting.collection_grace_days, payment.sold_on) as due_on,
        payment.sold_on,
        payment.on_date,
        payment.rep_id,
        payment.team_id,
        payment.region_id,
        payment.sold_to as customer_id,
        cast(0 as decimal(18, 4)) as sold_amount,
        payment.paid_amount as collected_amount,
        'payment' as kind,
        payment.source_file,
        payment.source_sheet,
        payment.source_row,
    from payment
    cross join setting
    where payment.how = 'order'
    and not payment.is_bad_debt
)

select * from lines
