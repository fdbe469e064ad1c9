-- One row: one person and month in which the ledger moved, by month of sale.
-- Formula: entries summed; paid_out = releases above 0, taken_back = those below 0, as positive amounts.
-- Why: a release is paid at the score of its month of sale, so that pay does not depend on when the cash came.
with
parts as (
    select
        rep_id,
        month as sale_month,
        month,
        sum(accrued_amount) as accrued_amount,
        0 as released_amount,
        0 as clawed_back_amount,
        0 as paid_out_amount,
        0 as taken_back_amount,
        sum(greatest(sold_amount - returned_amount - received_amount, 0)) as open_change,
        0 as overdue_change,
        sum(greatest(received_amount + returned_amount - sold_amount, 0)) as overpaid_change,
    from pay.order_share
    group by rep_id, month

    union all

    select
        rep_id,
        sale_month,
        month,
        0 as accrued_amount,
        sum(released_amount) as released_amount,
        sum(clawed_back_amount) as clawed_back_amount,
        sum(greatest(released_amount, 0)) as paid_out_amount,
        sum(greatest(-released_amount, 0)) as taken_back_amount,
        sum(open_change) as open_change,
        sum(overdue_change) as overdue_change,
        sum(overpaid_change) as overpaid_change,
    from pay.ledger_change
    group by rep_id, sale_month, month
),

summed as (
    select
        rep_id,
        sale_month,
        month,
        cast(sum(accrued_amount) as decimal(18, 2)) as accrued_amount,
        cast(sum(released_amount) as decimal(18, 2)) as released_amount,
        cast(sum(clawed_back_amount) as decimal(18, 2)) as clawed_back_amount,
        cast(sum(paid_out_amount) as decimal(18, 2)) as paid_out_amount,
        cast(sum(taken_back_amount) as decimal(18, 2)) as taken_back_amount,
        cast(sum(open_change) as decimal(18, 4)) as open_change,
        cast(sum(overdue_change) as decimal(18, 4)) as overdue_change,
        cast(sum(overpaid_change) as decimal(18, 4)) as overpaid_change,
    from parts
    group by rep_id, sale_month, month
)

select * from summed
