-- One row: one market cell, month and fold of people: their sales and exposure.
-- Formula: sales = sum of sales, exposure = sum of exposure.
-- Why: drivers are the same for a fold in a cell and month, so these sums hold all that the fit of step A needs, and leaving
-- a fold out is a subtraction.
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
