-- One row: one rep, team, region and month.
-- Formula: core.collection_line by the month of sale and core.due_line by the month due, summed.
-- Why: collection is read many times; orders and cash are matched once. No cash at all in the exports means no collection figures.
with
collected as (
    select * from core.collection_line
    where exists (select 1 from staging.payment)
),

due as (
    select * from core.due_line
    where exists (select 1 from staging.payment)
),

calendar as (
    select * from core.calendar
),

part as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        sold_amount,
        collected_amount,
        1 as n_rows,
        cast(0 as decimal(18, 4)) as due_sold_amount,
        cast(0 as decimal(18, 4)) as due_collected_amount,
        0 as n_due_rows,
    from collected

    union all

    select
        rep_id,
        team_id,
        region_id,
        month,
        cast(0 as decimal(18, 4)) as sold_amount,
        cast(0 as decimal(18, 4)) as collected_amount,
        0 as n_rows,
        sold_amount as due_sold_amount,
        collected_amount as due_collected_amount,
        1 as n_due_rows,
    from due
),

summed as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        cast(sum(sold_amount) as decimal(18, 4)) as sold_amount,
        cast(sum(collected_amount) as decimal(18, 4)) as collected_amount,
        cast(sum(n_rows) as integer) as n_rows,
        cast(sum(due_sold_amount) as decimal(18, 4)) as due_sold_amount,
        cast(sum(due_collected_amount) as decimal(18, 4)) as due_collected_amount,
        cast(sum(n_due_rows) as integer) as n_due_rows,
    from part
    where month in (select month from calendar)
    group by rep_id, team_id, region_id, month
)

select * from summed
