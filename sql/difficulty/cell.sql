-- One row: one market cell that somebody was ever posted to.
-- Why: drivers are measured a cell, and policy coefficients name its parts.
with
posting as (
    select * from difficulty.posting
),

cell as (
    select distinct
        cell_id,
        region_id,
        product_line,
        segment,
    from posting
)

select * from cell
