-- One row is one person and cell over the window: sold, expected by the market
-- (step A) and months seen.
with expected as (
    select * from difficulty.expected_market
),
summed as (
    select
        rep_id,
        cell_id,
        sum(sales) as sales,
        sum(expected) as expected,
        count(*) as n_months,
    from expected
    group by rep_id, cell_id
)
select * from summed
order by rep_id, cell_id
