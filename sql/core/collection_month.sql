-- One row: one rep, team, region and month of sale.
-- Formula: core.collection_line summed.
-- Why: collection is read many times; orders and cash are matched once. No cash at all in the exports means no collection figures.
with
line as (
    select * from core.collection_line
    where exists (select 1 from staging.payment)
),

summed as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        cast(sum(sold_amount) as decimal(18, 4)) as sold_amount,
        cast(sum(collected_amount) as decimal(18, 4)) as collected_amount,
        cast(sum(due_sold_amount) as decimal(18, 4)) as due_sold_amount,
        cast(sum(due_collected_amount) as decimal(18, 4)) as due_collected_amount,
    from line
    group by rep_id, team_id, region_id, month
)

select * from summed
