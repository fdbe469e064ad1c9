-- One row: one expense in base currency.
-- Formula: amount x rate of its currency and month; the base currency and an empty currency convert at 1, an amount without a rate is null.
-- Why: expenses are weighed against the sales they served.
with
source as (
    select * from lake.expense
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
        and fx_rate.month = cast(date_trunc('month', source.spent_on) as date)
),

cleaned as (
    select
        rated.expense_id as expense_id,
        rated.rep_id as rep_id,
        rated.region_id as region_id,
        rated.team_id as team_id,
        rated.spent_on as spent_on,
        cast(date_trunc('month', rated.spent_on) as date) as month,
        rated.kind as kind,
        rated.is_visit as is_visit,
        case
            when rated.rate = 1 then rated.amount
            else cast(round(rated.amount * rated.rate, 4) as decimal(18, 4))
        end as amount,
        rated.currency as currency,
        rated.note as note,
        rated.rate as rate,
        rated.source_file as source_file,
        rated.source_sheet as source_sheet,
        rated.source_row as source_row,
        rated.batch as batch,
    from rated
)

select * from cleaned
