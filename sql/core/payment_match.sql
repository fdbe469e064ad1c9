-- One row: one cash receipt, matched to the order it pays among the orders sold up to the month of the receipt.
-- Formula: by order id, else by invoice id; of an order with lines in several months the first month. A receipt that names
-- no order sold by then belongs to its customer's owner on the day and to no order (how = 'unmatched').
-- Why: the heavy search; a later month changes no earlier one. core.payment_line adds receipts that came before their sale.
with
payment as (
    select * from staging.payment
),

orders as (
    select * from core.order_month
),

customer_identity as (
    select * from core.customer_identity
),

rep_on as (
    select * from core.rep_on
),

invoiced as (
    select distinct
        invoice_id,
        month,
    from payment
    where order_id is null
    and invoice_id is not null
),

invoice as (
    select
        invoiced.invoice_id as invoice_id,
        invoiced.month as month,
        min(orders.order_id) as order_id,
    from invoiced
    inner join orders
        on orders.invoice_id = invoiced.invoice_id
        and orders.month <= invoiced.month
    group by invoiced.invoice_id, invoiced.month
),

named as (
    select
        payment.*,
        coalesce(payment.order_id, invoice.order_id) as paid_order_id,
    from payment
    left join invoice
        on payment.order_id is null
        and invoice.invoice_id = payment.invoice_id
        and invoice.month = payment.month
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
        named.order_id as named_order_id,
        named.invoice_id as named_invoice_id,
        named.paid_on as on_date,
        named.month as month,
        orders.order_id as order_id,
        orders.month as order_month,
        case when orders.order_id is null then coalesce(rep_on.rep_id, '') else orders.rep_id end as rep_id,
        case when orders.order_id is null then coalesce(rep_on.team_id, '') else orders.team_id end as team_id,
        case
            when orders.order_id is null then coalesce(nullif(rep_on.region_id, ''), customer_identity.region_id, '')
            else orders.region_id
        end as region_id,
        coalesce(customer_identity.customer_id, orders.customer_id, '') as customer_id,
        orders.due_on as due_on,
        orders.on_date as sold_on,
        orders.customer_id as sold_to,
        coalesce(named.amount, 0) as paid_amount,
        coalesce(named.is_bad_debt, false) as is_bad_debt,
        case when orders.order_id is null then 'unmatched' else 'order' end as how,
        named.source_file as source_file,
        named.source_sheet as source_sheet,
        named.source_row as source_row,
    from named
    left join first_month
        on first_month.order_id = named.paid_order_id
        and first_month.month <= named.month
    left join orders
        on orders.order_id = first_month.order_id
        and orders.month = first_month.month
    left join customer_identity
        on customer_identity.value = named.customer_id
    left join rep_on
        on rep_on.value = coalesce(customer_identity.owner_id, '')
        and named.paid_on >= rep_on.from_on
        and named.paid_on < rep_on.until_on
)

select * from matched
