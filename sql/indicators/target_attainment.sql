-- One row: one unit and month with a target.
-- Formula: sales / target; core.target_unit says whose targets and whose sales.
-- Why: the promise of the month, kept or not; sales of people without a target never flatter it.
with
target as (
    select * from core.target_unit
),

attained as (
    select
        unit_kind,
        unit_id,
        month,
        cast(sales_amount as decimal(28, 6)) as numerator,
        cast(target_amount as decimal(28, 6)) as denominator,
    from target
)

select * from attained
