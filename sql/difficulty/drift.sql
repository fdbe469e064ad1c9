-- One row: one month: all sales over all expectations as they were frozen before it. is_alarm: outside .9 to 1.1.
-- Why: a market that left its past behind (a price rise, a new product) must be seen before it is paid on.
with
expected as (
    select * from difficulty.expected_month
),

drift as (
    select
        month,
        exact_sum(sold) as sold,
        exact_sum(expected / factor) as expected,
        max(factor) as factor,
        max(factor) not between .9 and 1.1 as is_alarm,
    from expected
    group by month
)

select * from drift
