-- One row: one month with order lines that name no salesperson.
-- Why: sales nobody made lower everybody's share.
with
nobody as (
    select
        month,
        count(*) as n_rows,
        sum(amount) as amount,
    from staging.order_line
    where rep_id is null
    group by month
)

select * from nobody
order by month
