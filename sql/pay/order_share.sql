-- One row: one rep's part of one order in its month of sale, with its share of the month's commission.
-- Formula: net = sold - returned in the month, at least 0; paid = received by the month's end, at most net.
-- Earned in the month = commission x all paid / all net, half up to the cent, shared out by paid; the rest is accrued and
-- shared out by what is unpaid. Cents left over go to the largest remainders, then by order id: shares add up exactly.
-- Without waiting for cash (a setting of the plan) all is earned.
-- Why: what is earned now and what waits is known order by order from the first day on.
with
part as (
    select * from core.order_part
    where rep_id <> ''
),

commission as (
    select * from pay.commission
),

pay as (
    select * from plan.pay
),

settled as (
    select
        order_id,
        rep_id,
        month,
        sum(case when kind = 'payment' then amount else 0 end) as received_amount,
        sum(case when kind = 'return' then amount else 0 end) as returned_amount,
    from core.settlement_line
    where month = sale_month
    and kind <> 'bad_debt'
    group by order_id, rep_id, month
),

sold as (
    select
        part.order_id as order_id,
        part.month as month,
        part.rep_id as rep_id,
        part.on_date as on_date,
        part.due_on as due_on,
        part.sales_amount as sold_amount,
        coalesce(settled.returned_amount, 0) as returned_amount,
        greatest(part.sales_amount - coalesce(settled.returned_amount, 0), 0) as net_amount,
        coalesce(settled.received_amount, 0) as received_amount,
        pay.waits_for_cash as waits_for_cash,
        cast(commission.commission_amount * 100 as hugeint) as commission_cents,
    from part
    inner join commission
        on commission.rep_id = part.rep_id
        and commission.month = part.month
    inner join pay
        on pay.version_id = commission.version_id
    left join settled
        on settled.order_id = part.order_id
        and settled.rep_id = part.rep_id
        and settled.month = part.month
),

whole as (
    select
        order_id,
        month,
        rep_id,
        on_date,
        due_on,
        cast(sold_amount as decimal(18, 4)) as sold_amount,
        cast(returned_amount as decimal(18, 4)) as returned_amount,
        cast(received_amount as decimal(18, 4)) as received_amount,
        waits_for_cash,
        commission_cents,
        cast(net_amount * 10000 as hugeint) as net,
        cast(case when waits_for_cash then greatest(least(received_amount, net_amount), 0) else net_amount end * 10000 as hugeint) as paid,
    from sold
),

total as (
    select
        rep_id,
        month,
        max(commission_cents) as commission_cents,
        cast(sum(net) as hugeint) as net,
        cast(sum(paid) as hugeint) as paid,
    from whole
    group by rep_id, month
    having sum(net) > 0
),

split as (
    select
        rep_id,
        month,
        net - paid as unpaid,
        paid,
        half_up(commission_cents * paid, net) as earned,
        commission_cents - half_up(commission_cents * paid, net) as accrued,
    from total
),

floored as (
    select
        whole.*,
        split.earned as total_earned,
        split.accrued as total_accrued,
        case when split.paid > 0 then split.earned * whole.paid // split.paid else 0 end as earned,
        case when split.paid > 0 then split.earned * whole.paid % split.paid else 0 end as earned_remainder,
        case when split.unpaid > 0 then split.accrued * (whole.net - whole.paid) // split.unpaid else 0 end as accrued,
        case when split.unpaid > 0 then split.accrued * (whole.net - whole.paid) % split.unpaid else 0 end as accrued_remainder,
    from whole
    left join split
        on split.rep_id = whole.rep_id
        and split.month = whole.month
),

left_over as (
    select
        rep_id,
        month,
        max(total_earned) - sum(earned) as n_earned,
        max(total_accrued) - sum(accrued) as n_accrued,
    from floored
    group by rep_id, month
),

ranked as (
    select
        floored.*,
        row_number() over (partition by floored.rep_id, floored.month order by floored.earned_remainder desc, floored.order_id) as n_earned_rank,
        row_number() over (partition by floored.rep_id, floored.month order by floored.accrued_remainder desc, floored.order_id) as n_accrued_rank,
    from floored
),

shared as (
    select
        ranked.order_id as order_id,
        ranked.month as month,
        ranked.rep_id as rep_id,
        ranked.on_date as on_date,
        ranked.due_on as due_on,
        ranked.sold_amount as sold_amount,
        ranked.returned_amount as returned_amount,
        cast(ranked.net * 0.0001 as decimal(18, 4)) as net_amount,
        ranked.received_amount as received_amount,
        cast(ranked.paid * 0.0001 as decimal(18, 4)) as paid_amount,
        ranked.waits_for_cash as waits_for_cash,
        cast((ranked.earned + case when ranked.n_earned_rank <= left_over.n_earned then 1 else 0 end) * 0.01 as decimal(18, 2)) as earned_amount,
        cast((ranked.accrued + case when ranked.n_accrued_rank <= left_over.n_accrued then 1 else 0 end) * 0.01 as decimal(18, 2)) as accrued_amount,
    from ranked
    inner join left_over
        on left_over.rep_id = ranked.rep_id
        and left_over.month = ranked.month
)

select * from shared
