-- One row: one cash receipt, matched to the order it pays and owned by that order's rep, team and region.
-- Formula: core.payment_match, and core.payment_advance for what that found no order for. Bad debts bring no cash. A receipt
-- that names no known order belongs to its customer's owner on the day and to no order (how = 'unmatched').
-- Why: cash counts for what was sold, whenever it comes.
with
matched as (
    select
        payment_id,
        on_date,
        month,
        order_id,
        order_month,
        rep_id,
        team_id,
        region_id,
        customer_id,
        due_on,
        sold_on,
        sold_to,
        paid_amount,
        is_bad_debt,
        how,
        source_file,
        source_sheet,
        source_row,
    from core.payment_match
    where how = 'order'
),

advance as (
    select * from core.payment_advance
),

payment as (
    select * from matched
    union all
    select * from advance
)

select * from payment
