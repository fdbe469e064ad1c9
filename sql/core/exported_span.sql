-- One row: one kind of export that shows a company at work, with its first and last month.
-- Formula: the months of its first and last date; open deals have none.
-- Why: the calendar and the calculated months reach as far as the exports do.
with
span as (
    select 'order_line' as entity, min(ordered_on) as first_on, max(ordered_on) as last_on from staging.order_line
    union all
    select 'deal' as entity, min(closed_on) as first_on, max(closed_on) as last_on from staging.deal where outcome <> 'open'
    union all
    select 'visit' as entity, cast(min(visited_at) as date) as first_on, cast(max(visited_at) as date) as last_on from staging.visit
    union all
    select 'complaint' as entity, cast(min(opened_at) as date) as first_on, cast(max(opened_at) as date) as last_on from staging.complaint
    union all
    select 'activity' as entity, min(done_on) as first_on, max(done_on) as last_on from staging.activity
),

spanned as (
    select
        entity,
        month_of(first_on) as first_month,
        month_of(last_on) as last_month,
    from span
)

select * from spanned
