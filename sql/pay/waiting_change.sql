-- One row: one rep's part of one order sold in a month, in a month in which what of it waits for cash changed: its sale, with
-- its days and its customer, or a later movement.
-- Formula: waiting = accrued - released - clawed back; open = sold - received - returned - written off.
-- Why: the open orders of one person are asked on his page; sums of these few rows answer it, where the ledger, the receipts
-- and the orders of everybody would have to be read.
with
share as (
    select * from pay.order_share
    where accrued_amount <> 0
),

orders as (
    select * from core.order_month
),

change as (
    select * from pay.ledger_change
),

changes as (
    select
        share.rep_id as rep_id,
        share.order_id as order_id,
        share.month as sale_month,
        share.month as month,
        share.on_date as on_date,
        share.due_on as due_on,
        orders.customer_id as customer_id,
        share.accrued_amount as waiting_amount,
        cast(share.sold_amount - share.received_amount - share.returned_amount as decimal(18, 4)) as open_amount,
    from share
    left join orders
        on orders.order_id = share.order_id
        and orders.month = share.month

    union all

    select
        rep_id,
        order_id,
        sale_month,
        month,
        null as on_date,
        null as due_on,
        null as customer_id,
        cast(-released_amount - clawed_back_amount as decimal(18, 2)) as waiting_amount,
        cast(-received_amount - returned_amount - written_amount as decimal(18, 4)) as open_amount,
    from change
)

select * from changes
