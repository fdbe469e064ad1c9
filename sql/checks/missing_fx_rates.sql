-- One row: one entity, currency and month without an exchange rate.
-- Why: an amount that cannot be converted would silently be missing.
with
unrated as (
    select
        'order_line' as entity,
        currency,
        month,
        count(*) as n_rows,
    from staging.order_line
    where rate is null
    group by currency, month

    union all

    select
        'payment' as entity,
        currency,
        month,
        count(*) as n_rows,
    from staging.payment
    where rate is null
    group by currency, month

    union all

    select
        'expense' as entity,
        currency,
        month,
        count(*) as n_rows,
    from staging.expense
    where rate is null
    group by currency, month
)

select * from unrated
order by entity, currency, month
