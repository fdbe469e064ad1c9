-- One row: one cash receipt that named no order sold by its month, matched among the orders of later months.
-- Formula: by order id, else by invoice id; of an order with lines in several months the first month.
-- Why: customers also pay in advance; few do, so all orders are searched again for these alone.
with
payment as (
    select * from core.payment_match
    where how = 'unmatched'
),

orders as (
    select * from core.order_month
    where exists (select 1 from core.payment_match where how = 'unmatched')
),

invoice as (
    select
        invoice_id,
        min(order_id) as order_id,
    from orders
    where invoice_id in (select named_invoice_id from payment where named_order_id is null)
    group by invoice_id
),

named as (
    select
        payment.*,
        coalesce(payment.named_order_id, invoice.order_id) as paid_order_id,
    from payment
    left join invoice
        on payment.named_order_id is null
        and invoice.invoice_id = payment.named_invoice_id
),

first_month as (
    select
        order_id,
        min(month) as month,
    from orders
    where order_id in (select paid_order_id from named)
    group by order_id
),

matched as (
    select
        named.payment_id as payment_id,
        named.on_date as on_date,
        named.month as month,
        orders.order_id as order_id,
        orders.month as order_month,
        coalesce(orders.rep_id, named.rep_id) as rep_id,
        coalesce(orders.team_id, named.team_id) as team_id,
        coalesce(orders.region_id, named.region_id) as region_id,
        coalesce(nullif(named.customer_id, ''), orders.customer_id, '') as customer_id,
        orders.due_on as due_on,
        orders.on_date as sold_on,
        orders.customer_id as sold_to,
        named.paid_amount as paid_amount,
        named.is_bad_debt as is_bad_debt,
        case when orders.order_id is null then 'unmatched' else 'order' end as how,
        named.source_file as source_file,
        named.source_sheet as source_sheet,
        named.source_row as source_row,
    from named
    left join first_month
        on first_month.order_id = named.paid_order_id
    left join orders
        on orders.order_id = first_month.order_id
        and orders.month = first_month.month
)

select * from matched
