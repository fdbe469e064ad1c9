-- One row: one rep's part of one order, in a later month in which cash, a return or a bad debt moved it.
-- Formula: due = sold - returned - bad debt; covered = received, at most due; bad debt counts
-- only as far as cash stays out. Commission still due = share of the order's commission that due stands for; paid out = share
-- that covered stands for. released = growth of what is paid out, below 0 where commission paid before is taken back;
-- clawed_back = fall of what is due. With bad_debt_days set, an order unpaid that many days after its due date is a bad debt.
-- Why: each order's commission is paid out, waits or is lost, and nothing else; late cash revives a bad debt.
with
share as (
    select * from pay.order_share
),

version as (
    select * from plan.version
),

pay as (
    select * from plan.pay
),

month as (
    select * from core.month
),

settled as (
    select
        order_id,
        rep_id,
        sale_month,
        month,
        sum(case when kind = 'payment' and month > sale_month then amount else 0 end) as received_amount,
        sum(case when kind = 'return' and month > sale_month then amount else 0 end) as returned_amount,
        sum(case when kind = 'bad_debt' then amount else 0 end) as written_amount,
        0 as n_overdue,
    from core.settlement_line
    where month > sale_month
    or kind = 'bad_debt'
    group by order_id, rep_id, sale_month, month
),

overdue as (
    select
        share.order_id as order_id,
        share.rep_id as rep_id,
        share.month as sale_month,
        month.month as month,
        0 as received_amount,
        0 as returned_amount,
        0 as written_amount,
        1 as n_overdue,
    from share
    inner join version
        on share.month >= version.starts_on
        and share.month <= coalesce(version.ends_on, date '9999-12-31')
    inner join pay
        on pay.version_id = version.version_id
        and pay.bad_debt_days is not null
    inner join month
        on month.month = greatest(
            month_of(cast(coalesce(share.due_on, share.on_date) + pay.bad_debt_days as date)),
            cast(share.month + interval '1' month as date)
        )
    where share.paid_amount < share.net_amount
),

events as (
    select * from settled
    union all
    select * from overdue
),

event as (
    select
        order_id,
        rep_id,
        sale_month,
        month,
        sum(received_amount) as received_amount,
        sum(returned_amount) as returned_amount,
        sum(written_amount) as written_amount,
        max(n_overdue) as n_overdue,
    from events
    group by order_id, rep_id, sale_month, month
),

running as (
    select
        event.*,
        sum(received_amount) over so_far as all_received,
        sum(returned_amount) over so_far as all_returned,
        sum(written_amount) over so_far as all_written,
        max(n_overdue) over so_far as is_overdue,
    from event
    window so_far as (partition by order_id, rep_id, sale_month order by month)
),

standing as (
    select
        running.*,
        share.earned_amount as earned_amount,
        share.accrued_amount as accrued_amount,
        share.net_amount as net_amount,
        share.paid_amount as paid_amount,
        share.waits_for_cash as waits_for_cash,
        greatest(share.sold_amount - share.returned_amount - share.received_amount, 0) as first_open_amount,
        greatest(share.received_amount + share.returned_amount - share.sold_amount, 0) as first_overpaid_amount,
        greatest(share.sold_amount - share.returned_amount - running.all_returned, 0) as kept_amount,
        share.received_amount + running.all_received as cash_amount,
        share.sold_amount - share.returned_amount - running.all_returned - share.received_amount - running.all_received
            - running.all_written as balance_amount,
    from running
    inner join share
        on share.order_id = running.order_id
        and share.rep_id = running.rep_id
        and share.month = running.sale_month
),

due as (
    select
        standing.*,
        kept_amount - case
            when is_overdue = 1 then greatest(kept_amount - cash_amount, 0)
            else greatest(least(all_written, kept_amount - cash_amount), 0)
        end as due_amount,
    from standing
),

covered as (
    select
        due.*,
        due_amount - least(cash_amount, due_amount) as open_amount,
        case when waits_for_cash then greatest(least(cash_amount, due_amount), 0) else due_amount end as covered_amount,
    from due
),

entitled as (
    select
        order_id,
        rep_id,
        sale_month,
        month,
        received_amount,
        returned_amount,
        written_amount,
        n_overdue,
        earned_amount,
        accrued_amount,
        first_open_amount,
        first_overpaid_amount,
        open_amount,
        case when is_overdue = 1 then greatest(balance_amount, 0) - open_amount else 0 end as overdue_amount,
        greatest(-balance_amount, 0) as overpaid_amount,
        cast(entitled(
            cast(due_amount * 10000 as hugeint), cast(paid_amount * 10000 as hugeint), cast(net_amount * 10000 as hugeint),
            cast(earned_amount * 100 as hugeint), cast(accrued_amount * 100 as hugeint)
        ) * 0.01 as decimal(18, 2)) as due_commission,
        cast(entitled(
            cast(covered_amount * 10000 as hugeint), cast(paid_amount * 10000 as hugeint), cast(net_amount * 10000 as hugeint),
            cast(earned_amount * 100 as hugeint), cast(accrued_amount * 100 as hugeint)
        ) * 0.01 as decimal(18, 2)) as paid_commission,
    from covered
),

changed as (
    select
        rep_id,
        order_id,
        sale_month,
        month,
        cast(received_amount as decimal(18, 4)) as received_amount,
        cast(returned_amount as decimal(18, 4)) as returned_amount,
        cast(written_amount as decimal(18, 4)) as written_amount,
        cast(open_amount - lag(open_amount, 1, first_open_amount) over by_order as decimal(18, 4)) as open_change,
        cast(overdue_amount - lag(overdue_amount, 1, 0) over by_order as decimal(18, 4)) as overdue_change,
        cast(overpaid_amount - lag(overpaid_amount, 1, first_overpaid_amount) over by_order as decimal(18, 4)) as overpaid_change,
        cast(paid_commission - lag(paid_commission, 1, earned_amount) over by_order as decimal(18, 2)) as released_amount,
        cast(lag(due_commission, 1, cast(earned_amount + accrued_amount as decimal(18, 2))) over by_order - due_commission as decimal(18, 2)) as clawed_back_amount,
        case
            when returned_amount <> 0 then 'return'
            when written_amount <> 0 or n_overdue = 1 then 'bad_debt'
            else 'cash'
        end as cause,
    from entitled
    window by_order as (partition by order_id, rep_id, sale_month order by month)
)

select * from changed
