-- One row: one market cell, month and fold of people: their sales and exposure.
-- Formula: sales = sum of sales, exposure = sum of exposure.
-- Why: what the others of a fold sold is all less this; the growth they saw is a driver. Months with people are counted here.
with
observation as (
    select * from difficulty.observation
),

summed as (
    select
        cell_id,
        month,
        fold,
        sum(sales) as sales,
        sum(exposure) as exposure,
    from observation
    group by cell_id, month, fold
)

select * from summed
