-- One row: one evaluation, person and cell: z, how far the person lies above (+) or below (-) the market's expectation on the
-- log scale, and v, its sampling variance.
-- Formula: z = ln((sales + phi / 2) / (expected + phi / 2)), v = phi / expected. Negative totals count as 0 inside the
-- logarithm only.
-- Why: a sum of money becomes one comparable number with a known error.
with
rep_market as (
    select * from difficulty.rep_market
),

dispersion as (
    select * from difficulty.dispersion
),

deviation as (
    select
        rep_market.period as period,
        rep_market.rep_id as rep_id,
        rep_market.cell_id as cell_id,
        rep_market.sold as sold,
        rep_market.expected as expected,
        rep_market.n_deals as n_deals,
        ln((greatest(rep_market.sales, 0) + dispersion.phi / 2 + 1e-9 * rep_market.expected) / (rep_market.expected + dispersion.phi / 2)) as z,
        greatest(dispersion.phi / rep_market.expected, 1e-9) as v,
    from rep_market
    join dispersion using (period)
    where rep_market.expected > 0
)

select * from deviation
