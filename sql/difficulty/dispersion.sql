-- One row: phi, how much more monthly sales scatter than counts of their size.
-- phi = mean of (sales - fitted)^2 / fitted x m / (m - 1) within a person's
-- cell, fitted being the expectation scaled to what the person sold there.
-- Money is not a count: phi turns an amount into an effective number of events.
with expected as (
    select * from difficulty.expected_market
),
rep_market as (
    select * from difficulty.rep_market
),
scattered as (
    select
        expected.sales,
        expected.expected * rep_market.sales / rep_market.expected as fitted,
        rep_market.n_months,
    from expected
    join rep_market using (rep_id, cell_id)
    where rep_market.sales > 0 and rep_market.n_months > 1
),
phi as (
    select
        coalesce(avg((sales - fitted) * (sales - fitted) / fitted * n_months / (n_months - 1)), 0) as phi,
    from scattered
    where fitted > 0
)
select * from phi
