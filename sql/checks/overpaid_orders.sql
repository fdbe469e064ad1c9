-- One row: one order with more cash than its lines are worth, beyond plan.setting.reconcile_tolerance_rate.
-- Why: a receipt booked twice hides one that is missing elsewhere.
with
paid as (
    select
        order_id,
        sum(paid_amount) as paid_amount,
        count(*) as n_payments,
    from core.payment_line
    where how = 'order'
    and not is_bad_debt
    group by order_id
),

sold as (
    select
        order_id,
        sum(sales_amount) as sales_amount,
    from core.order_month
    group by order_id
),

overpaid as (
    select
        paid.order_id as order_id,
        sold.sales_amount as sales_amount,
        paid.paid_amount as paid_amount,
        paid.n_payments as n_payments,
    from paid
    inner join sold
        on sold.order_id = paid.order_id
    cross join plan.setting as setting
    where paid.paid_amount > sold.sales_amount * (1 + setting.reconcile_tolerance_rate)
)

select * from overpaid
order by paid_amount - sales_amount desc, order_id
