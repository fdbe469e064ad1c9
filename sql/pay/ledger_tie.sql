-- One row: one person and month, with what customers owe by finance beside what the ledger holds open.
-- Formula: finance = sold - returned - received - bad debt so far, from the exports; ledger = open - overpaid of each order so far,
-- plus what bad_debt_days wrote off without finance. difference = finance - ledger and must be 0.
-- Why: the ledger follows every order that finance follows, to the cent.
with
month as (
    select * from core.month
),

moved as (
    select
        rep_id,
        month,
        owed_change as finance_amount,
        0 as ledger_amount,
    from pay.finance_change

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
