-- One row: one entry of the commission ledger: an order's commission accrued, released or clawed back in a month.
-- Formula: accrued at the sale; released when its cash arrives, below 0 where commission paid before is taken back;
-- clawed back where a return or a bad debt ends the claim.
-- Why: the balance of a person is the sum of these entries, order by order.
with
accrued as (
    select
        rep_id,
        order_id,
        month as sale_month,
        month,
        'accrued' as kind,
        'sale' as cause,
        accrued_amount as amount,
    from pay.order_share
    where accrued_amount <> 0
),

change as (
    select * from pay.ledger_change
),

entries as (
    select * from accrued

    union all

    select rep_id, order_id, sale_month, month, 'released' as kind, cause, released_amount as amount
    from change
    where released_amount <> 0

    union all

    select rep_id, order_id, sale_month, month, 'clawed_back' as kind, cause, clawed_back_amount as amount
    from change
    where clawed_back_amount <> 0
)

select * from entries
