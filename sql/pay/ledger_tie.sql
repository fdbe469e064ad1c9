-- One row: one person and month, with what customers owe by finance beside what the ledger holds open.
-- Formula: finance = sold - returned - received - bad debt so far, from the exports; ledger = open - overpaid of each order so far,
-- plus what bad_debt_days wrote off without finance. difference = finance - ledger and must be 0.
-- Why: the ledger follows every order that finance follows, to the cent.
with
part as (
    select * from core.order_part
    where rep_id <> ''
),

settled as (
    select * from core.settlement_line
    where rep_id <> ''
),

base as (
    select rep_id, month from pay.base
),

month as (
    select * from core.month
),

moved as (
    select
        part.rep_id as rep_id,
        part.month as month,
        sum(part.sales_amount) as finance_amount,
        0 as ledger_amount,
    from part
    inner join base
        on base.rep_id = part.rep_id
        and base.month = part.month
    group by part.rep_id, part.month

    union all

    select
        settled.rep_id,
        settled.month,
        -sum(settled.amount) as finance_amount,
        0 as ledger_amount,
    from settled
    inner join part
        on part.order_id = settled.order_id
        and part.rep_id = settled.rep_id
        and part.month = settled.sale_month
    group by settled.rep_id, settled.month

    union all

    select
        rep_id,
        month,
        0 as finance_amount,
        sum(open_change + overdue_change - overpaid_change) as ledger_amount,
    from pay.ledger_month
    group by rep_id, month
),

summed as (
    select
        rep_id,
        month,
        sum(finance_amount) as finance_amount,
        sum(ledger_amount) as ledger_amount,
    from moved
    group by rep_id, month
),

running as (
    select
        rep_id,
        month,
        sum(finance_amount) over (partition by rep_id order by month) as finance_amount,
        sum(ledger_amount) over (partition by rep_id order by month) as ledger_amount,
    from summed
),

tied as (
    select
        running.rep_id as rep_id,
        running.month as month,
        cast(running.finance_amount as decimal(18, 4)) as finance_amount,
        cast(running.ledger_amount as decimal(18, 4)) as ledger_amount,
        cast(running.finance_amount - running.ledger_amount as decimal(18, 4)) as difference_amount,
    from running
    inner join month
        on month.month = running.month
)

select * from tied
