-- One row: one entity and month with rows dated after the as-of date.
-- Why: a wrong year would move a sale out of sight.
with
dated as (
    select
        'order_line' as entity,
        cast(ordered_on as date) as on_date,
        amount as amount,
    from staging.order_line

    union all

    select
        'deal' as entity,
        cast(closed_on as date) as on_date,
        amount as amount,
    from staging.deal

    union all

    select
        'payment' as entity,
        cast(paid_on as date) as on_date,
        amount as amount,
    from staging.payment

    union all

    select
        'expense' as entity,
        cast(spent_on as date) as on_date,
        amount as amount,
    from staging.expense

    union all

    select
        'visit' as entity,
        cast(visited_at as date) as on_date,
        cast(null as decimal(18, 4)) as amount,
    from staging.visit

    union all

    select
        'complaint' as entity,
        cast(opened_at as date) as on_date,
        cast(null as decimal(18, 4)) as amount,
    from staging.complaint

    union all

    select
        'return' as entity,
        cast(returned_on as date) as on_date,
        cast(null as decimal(18, 4)) as amount,
    from staging.return

    union all

    select
        'activity' as entity,
        cast(done_on as date) as on_date,
        cast(null as decimal(18, 4)) as amount,
    from staging.activity
),

as_of as (
    select max(as_of_on) as as_of_on from core.month
),

later as (
    select
        dated.entity as entity,
        month_of(dated.on_date) as month,
        count(*) as n_rows,
        min(dated.on_date) as first_on,
        max(dated.on_date) as last_on,
        sum(dated.amount) as amount,
    from dated
    cross join as_of
    where dated.on_date > as_of.as_of_on
    group by dated.entity, month_of(dated.on_date)
)

select * from later
order by entity, month
