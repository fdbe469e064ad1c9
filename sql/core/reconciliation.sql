-- One row: one month and region ('' for rows of no region).
-- Formula: CRM = won deals closed in the month; finance = order lines less returns; cash = receipts of the month.
-- CRM agrees where it differs from finance by at most plan.setting.reconcile_tolerance_rate of finance; cash agrees where
-- the cash of all months so far does not exceed the finance of all months so far by more, and where at most that share of
-- the month's cash names no known order. A side without any exports is null and agrees with everything.
-- Why: three systems tell one story, or somebody must say why not.
with
setting as (
    select * from plan.setting
),

month as (
    select * from core.month
),

deal as (
    select
        month,
        region_id,
        sum(won_amount) as amount,
    from core.deal_line
    where outcome = 'won'
    group by month, region_id
),

finance as (
    select
        month,
        region_id,
        sum(sales_amount) as amount,
    from core.sales_month
    where (select sales_source from setting) <> 'deals'
    group by month, region_id
),

cash as (
    select
        month,
        region_id,
        sum(paid_amount) as amount,
        sum(case when how = 'unmatched' then paid_amount else 0 end) as unmatched_amount,
    from core.payment_line
    where not is_bad_debt
    group by month, region_id
),

has_data as (
    select
        (select count(*) from deal) as n_deal,
        (select count(*) from finance) as n_finance,
        (select count(*) from cash) as n_cash,
),

cell as (
    select region_id from deal
    union
    select region_id from finance
    union
    select region_id from cash
),

side as (
    select
        month.month as month,
        cell.region_id as region_id,
        case when has_data.n_deal > 0 then coalesce(deal.amount, 0) end as crm_amount,
        case when has_data.n_finance > 0 then coalesce(finance.amount, 0) end as finance_amount,
        case when has_data.n_cash > 0 then coalesce(cash.amount, 0) end as cash_amount,
        case when has_data.n_cash > 0 then coalesce(cash.unmatched_amount, 0) end as unmatched_cash_amount,
    from month
    cross join cell
    cross join has_data
    left join deal
        on deal.month = month.month
        and deal.region_id = cell.region_id
    left join finance
        on finance.month = month.month
        and finance.region_id = cell.region_id
    left join cash
        on cash.month = month.month
        and cash.region_id = cell.region_id
),

running as (
    select
        side.*,
        sum(finance_amount) over (
            partition by region_id
            order by month
            rows between unbounded preceding and current row
        ) as finance_so_far,
        sum(cash_amount) over (
            partition by region_id
            order by month
            rows between unbounded preceding and current row
        ) as cash_so_far,
    from side
),

compared as (
    select
        running.month as month,
        running.region_id as region_id,
        cast(running.crm_amount as decimal(28, 4)) as crm_amount,
        cast(running.finance_amount as decimal(28, 4)) as finance_amount,
        cast(running.cash_amount as decimal(28, 4)) as cash_amount,
        cast(running.unmatched_cash_amount as decimal(28, 4)) as unmatched_cash_amount,
        cast(running.crm_amount - running.finance_amount as decimal(28, 4)) as crm_difference_amount,
        ratio(running.crm_amount - running.finance_amount, running.finance_amount) as crm_difference_rate,
        cast(running.finance_so_far - running.cash_so_far as decimal(28, 4)) as receivable_amount,
        setting.reconcile_tolerance_rate as tolerance_rate,
        coalesce(
            abs(running.crm_amount - running.finance_amount) <= abs(running.finance_amount) * setting.reconcile_tolerance_rate,
            true
        ) as is_crm_agreed,
        coalesce(
            running.cash_so_far - running.finance_so_far <= abs(running.finance_so_far) * setting.reconcile_tolerance_rate,
            true
        )
        and coalesce(
            running.unmatched_cash_amount <= running.cash_amount * setting.reconcile_tolerance_rate,
            true
        ) as is_cash_agreed,
    from running
    cross join setting
)

select * from compared
