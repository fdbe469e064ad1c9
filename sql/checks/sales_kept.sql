-- One row: one month whose attributed sales differ from the order lines as loaded.
-- Why: a join that loses or doubles rows must never reach a person's pay.
with
loaded as (
    select
        month,
        sum(amount) as loaded_amount,
    from staging.order_line
    group by month
),

attributed as (
    select
        month,
        sum(sales_amount) as attributed_amount,
    from core.order_line_month
    group by month
),

lost as (
    select
        loaded.month as month,
        loaded.loaded_amount as loaded_amount,
        attributed.attributed_amount as attributed_amount,
    from loaded
    left join attributed
        on attributed.month = loaded.month
    where loaded.loaded_amount is not null
    and loaded.loaded_amount <> coalesce(attributed.attributed_amount, 0)
)

select * from lost
order by month
