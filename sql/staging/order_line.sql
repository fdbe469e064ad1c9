-- One row: one order line in base currency.
-- Formula: amount x rate of its currency and month; the base currency and an empty currency convert at 1, an amount without a rate is null.
-- Why: the finance truth of what was sold.
with
source as (
    select * from lake.order_line
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
        and fx_rate.month = cast(date_trunc('month', source.ordered_on) as date)
),

cleaned as (
    select
        rated.order_id as order_id,
        rated.line_id as line_id,
        rated.ordered_on as ordered_on,
        cast(date_trunc('month', rated.ordered_on) as date) as month,
        rated.rep_id as rep_id,
        rated.customer_id as customer_id,
        rated.product_id as product_id,
        rated.region_id as region_id,
        rated.invoice_id as invoice_id,
        rated.due_on as due_on,
        rated.quantity as quantity,
        case
            when rated.rate = 1 then rated.unit_price
            else cast(round(rated.unit_price * rated.rate, 6) as decimal(18, 6))
        end as unit_price,
        case
            when rated.rate = 1 then rated.amount
            else cast(round(rated.amount * rated.rate, 4) as decimal(18, 4))
        end as amount,
        case
            when rated.rate = 1 then rated.cost_amount
            else cast(round(rated.cost_amount * rated.rate, 4) as decimal(18, 4))
        end as cost_amount,
        case
            when rated.rate = 1 then rated.profit_amount
            else cast(round(rated.profit_amount * rated.rate, 4) as decimal(18, 4))
        end as profit_amount,
        rated.currency as currency,
        rated.is_instalment as is_instalment,
        rated.rate as rate,
        rated.source_file as source_file,
        rated.source_sheet as source_sheet,
        rated.source_row as source_row,
        rated.batch as batch,
    from rated
)

select * from cleaned
