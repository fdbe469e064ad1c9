-- One row: one person, month and month of sale with commission paid out or taken back in that later month.
-- Formula: amounts of the ledger x score factor of the month of sale, or of this month, or 1, as the plan of the month of sale says.
-- Why: pay does not depend on when the cash came.
with
ledger as (
    select * from pay.ledger_month
    where paid_out_amount <> 0
    or taken_back_amount <> 0
),

factor as (
    select * from pay.score_factor
),

version as (
    select * from plan.version
),

pay as (
    select * from plan.pay
),

factored as (
    select
        ledger.rep_id as rep_id,
        ledger.month as month,
        ledger.sale_month as sale_month,
        ledger.paid_out_amount as paid_out_amount,
        ledger.taken_back_amount as taken_back_amount,
        cast(case pay.release_score
            when 'none' then 1
            when 'release' then coalesce(now_factor.factor, sale_factor.factor, 1)
            else coalesce(sale_factor.factor, 1)
        end as decimal(18, 12)) as factor,
    from ledger
    inner join version
        on ledger.sale_month >= version.starts_on
        and ledger.sale_month <= coalesce(version.ends_on, date '9999-12-31')
    inner join pay
        on pay.version_id = version.version_id
    left join factor as sale_factor
        on sale_factor.rep_id = ledger.rep_id
        and sale_factor.month = ledger.sale_month
    left join factor as now_factor
        on now_factor.rep_id = ledger.rep_id
        and now_factor.month = ledger.month
),

released as (
    select
        rep_id,
        month,
        sale_month,
        paid_out_amount,
        taken_back_amount,
        factor,
        cast(paid_out_amount as decimal(20, 2)) * factor as released_amount,
        cast(taken_back_amount as decimal(20, 2)) * factor as clawed_back_amount,
    from factored
)

select * from released
