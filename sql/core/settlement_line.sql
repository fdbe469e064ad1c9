-- One row: one receipt, bad debt or return of an order, for the rep whose sale it settles, in the month it counts.
-- Formula: the month it is booked, or the month of sale where it came before; only what is known by the as-of date, for
-- sales of calculated months. Receipts and bad debts of an order sold by several people are split as their sales are.
-- Amounts are positive: what the customer no longer owes. profit_amount is the part of a return that was profit.
-- Why: commission waits for cash order by order, and every open amount must tie to finance.
with
receipt as (
    select order_id, order_month, month, on_date, rep_id, paid_amount, is_bad_debt, source_file, source_sheet, source_row
    from core.payment_match
    where how = 'order'
    and month in (select month from core.calendar)
),

advance as (
    select order_id, order_month, month, on_date, rep_id, paid_amount, is_bad_debt, source_file, source_sheet, source_row
    from core.payment_advance
    where order_id is not null
),

payment as (
    select * from receipt
    union all
    select * from advance
),

return_line as (
    select * from core.return_line
),

part as (
    select * from core.order_part
    where is_shared
),

month as (
    select * from core.month
),

calendar as (
    select * from core.calendar
),

setting as (
    select * from plan.setting
),

lines as (
    select
        payment.order_id as order_id,
        payment.order_month as sale_month,
        greatest(payment.month, payment.order_month) as month,
        payment.on_date as on_date,
        coalesce(part.rep_id, payment.rep_id) as rep_id,
        case when payment.is_bad_debt then 'bad_debt' else 'payment' end as kind,
        case
            when part.rep_id is null then payment.paid_amount
            else scaled(payment.paid_amount, part.sales_amount, part.order_amount)
        end as amount,
        cast(null as decimal(18, 4)) as profit_amount,
        payment.source_file as source_file,
        payment.source_sheet as source_sheet,
        payment.source_row as source_row,
    from payment
    left join part
        on part.order_id = payment.order_id
        and part.month = payment.order_month

    union all

    select
        return_line.order_id,
        return_line.sale_month,
        greatest(return_line.month, return_line.sale_month) as month,
        return_line.on_date,
        return_line.rep_id,
        'return' as kind,
        cast(-return_line.sales_amount as decimal(18, 4)) as amount,
        cast(return_line.cost_amount - return_line.sales_amount as decimal(18, 4)) as profit_amount,
        return_line.source_file,
        return_line.source_sheet,
        return_line.source_row,
    from return_line
    where return_line.sale_month is not null
    and (select sales_source from setting) <> 'deals'
),

known as (
    select lines.*
    from lines
    inner join month as sold
        on sold.month = lines.sale_month
    inner join month as settled
        on settled.month = lines.month
    inner join calendar
        on calendar.month = lines.month
    where lines.on_date <= settled.as_of_on
)

select * from known
