-- One row is one person and cell: z, how far the person lies above (+) or below
-- (-) the market's expectation on the log scale, and v, its sampling variance.
-- z = ln((sales + phi / 2) / (expected + phi / 2)), v = phi / expected.
-- Negative totals (more returned than sold) count as 0 inside the logarithm only.
with rep_market as (
    select * from difficulty.rep_market
),
dispersion as (
    select * from difficulty.dispersion
),
deviation as (
    select
        rep_market.rep_id,
        rep_market.cell_id,
        rep_market.sales,
        rep_market.expected,
        ln((greatest(rep_market.sales, 0) + dispersion.phi / 2) / (rep_market.expected + dispersion.phi / 2)) as z,
        greatest(dispersion.phi / rep_market.expected, 1e-9) as v,
    from rep_market
    cross join dispersion
    where rep_market.expected > 0
)
select * from deviation
order by rep_id, cell_id
