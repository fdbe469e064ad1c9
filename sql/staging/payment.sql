-- One row: one cash receipt in base currency.
-- Formula: amount x rate of its currency and month; the base currency and an empty currency convert at 1, an amount without a rate is null.
-- Why: cash is matched to orders in core.collection_line.
with
source as (
    select * from lake.payment
),

setting as (
    select * from plan.setting
),

fx_rate as (
    select * from staging.fx_rate
),

rated as (
    select
        source.*,
        case
            when source.currency is null or source.currency = setting.base_currency then cast(1 as decimal(18, 6))
            else fx_rate.rate
        end as rate,
    from source
    cross join setting
    left join fx_rate
        on fx_rate.currency = source.currency
        and fx_rate.month = cast(date_trunc('month', source.paid_on) as date)
),

cleaned as (
    select
        rated.payment_id as payment_id,
        rated.order_id as order_id,
        rated.invoice_id as invoice_id,
        rated.customer_id as customer_id,
        rated.paid_on as paid_on,
        cast(date_trunc('month', rated.paid_on) as date) as month,
        case
            when rated.rate = 1 then rated.amount
            else cast(round(rated.amount * rated.rate, 4) as decimal(18, 4))
        end as amount,
        rated.currency as currency,
        rated.is_bad_debt as is_bad_debt,
        rated.rate as rate,
        rated.source_file as source_file,
        rated.source_sheet as source_sheet,
        rated.source_row as source_row,
        rated.batch as batch,
    from rated
)

select * from cleaned
