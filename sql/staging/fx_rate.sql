-- One row: one currency and month; of several rates in a month the last.
-- Why: amounts convert at the rate of their own month.
with
source as (
    select * from lake.fx_rate
),

numbered as (
    select
        source.currency as currency,
        source.period_on as period_on,
        cast(date_trunc('month', source.period_on) as date) as month,
        source.rate as rate,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
        row_number() over (partition by source.currency, date_trunc('month', source.period_on) order by source.period_on desc, source.batch desc, source.source_row desc) as n_later,
    from source
),

cleaned as (
    select
        currency,
        period_on,
        month,
        rate,
        source_file,
        source_sheet,
        source_row,
        batch,
    from numbered
    where n_later = 1
)

select * from cleaned
